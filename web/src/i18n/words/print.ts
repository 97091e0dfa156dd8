// SPDX-License-Identifier: Apache-2.0
export const print = {} as const satisfies Record<string, readonly [string, string, string]>;
