// SPDX-License-Identifier: Apache-2.0
/** Why something is no proof: a word of `proof.why_…` and what fills its blanks. */
export class NotProved extends Error {
  constructor(
    readonly why: string,
    readonly values: Record<string, string> = {},
  ) {
    super(`${why} ${JSON.stringify(values)}`);
  }
}
