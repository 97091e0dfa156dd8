// SPDX-License-Identifier: Apache-2.0
export const lot = {} as const satisfies Record<string, readonly [string, string, string]>;
