// SPDX-License-Identifier: Apache-2.0
// A table to take away: RFC 4180, with the mark that tells spreadsheets it is UTF-8.
import { save } from './save';

const cell = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

export const csv = (rows: readonly (readonly (string | number | null | undefined)[])[]): string =>
  rows.map((row) => row.map((value) => cell(String(value ?? ''))).join(',')).join('\r\n') + '\r\n';

/** Hands the table to the browser as a file. */
export const download = (name: string, text: string): void => save(name, `\ufeff${text}`, 'text/csv;charset=utf-8');
