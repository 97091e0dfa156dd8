// SPDX-License-Identifier: Apache-2.0
/** A refusal as the doors state it (RFC 9457), or the lack of a connection (code `offline`). */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly rule: string;
  readonly detail: string;
  readonly field: string;
  readonly value: string;
  readonly expected: string;

  constructor(body: Record<string, unknown>, status = 0) {
    const text = (key: string): string => {
      const found = body[key];
      if (found === undefined || found === null) return '';
      return typeof found === 'string' ? found : JSON.stringify(found);
    };
    super(text('title') || text('code') || String(status));
    this.title = text('title');
    this.code = text('code') || `http_${status}`;
    this.status = Number(body.status ?? status);
    this.rule = text('rule');
    this.detail = text('detail');
    this.field = text('field');
    this.value = text('value');
    this.expected = text('expected');
  }

  static offline(): Problem {
    return new Problem({ code: 'offline' });
  }

  static async from(response: Response): Promise<Problem> {
    try {
      return new Problem((await response.json()) as Record<string, unknown>, response.status);
    } catch {
      return new Problem({}, response.status);
    }
  }

  static of(error: unknown): Problem {
    if (error instanceof Problem) return error;
    return new Problem({ code: 'page_error', title: error instanceof Error ? error.message : String(error) });
  }
}
