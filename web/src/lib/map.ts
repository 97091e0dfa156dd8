// SPDX-License-Identifier: Apache-2.0
// A sketch of Harbin's districts, drawn for this page: who lies beside whom, on which bank of the
// Songhua, with the small central districts made large enough for a thumb. Not to scale.

export interface Shape {
  code: string;
  points: string;
  /** Where its name stands. */
  x: number;
  y: number;
}

/** The New Area has no county code of its own; it lies where Songbei does. */
export const mapWidth = 420;
export const mapHeight = 400;
export const river = 'M-10 196 C 40 186 70 206 118 194 S 182 160 206 146 S 268 138 304 124 S 372 96 430 96';

export const shapes: Shape[] = [
  { code: 'new-area', points: '24,120 78,86 150,62 168,98 190,112 196,140 150,164 110,180 62,186 16,178', x: 106, y: 134 },
  { code: '230111', points: '150,62 172,30 232,8 318,14 388,36 410,84 366,88 300,112 262,126 210,132 190,112 168,98', x: 284, y: 70 },
  { code: '230102', points: '16,204 64,206 122,206 168,178 180,212 168,240 122,254 66,248 14,242', x: 92, y: 230 },
  { code: '230104', points: '172,176 212,158 268,150 308,136 370,110 412,108 408,166 348,180 284,190 240,198 184,210', x: 316, y: 160 },
  { code: '230103', points: '184,214 240,202 244,262 200,274 166,256 172,240', x: 208, y: 238 },
  { code: '230110', points: '244,202 286,194 346,184 352,240 300,268 248,270', x: 298, y: 232 },
  { code: '230108', points: '202,278 246,266 250,274 298,272 288,312 222,318', x: 250, y: 296 },
  { code: '230113', points: '14,248 66,254 122,260 164,258 198,278 218,320 204,376 120,392 36,366 4,304', x: 108, y: 318 },
  { code: '230112', points: '350,184 408,172 414,260 394,336 316,384 210,378 224,322 292,316 302,272 356,244', x: 338, y: 314 },
];

/** The shape of a place, by its code or, where the market numbers it otherwise, by its name. */
export function shapeOf(code: string, chinese: string): Shape | undefined {
  return (
    shapes.find((s) => s.code === code) ??
    (/新区|松北/.test(chinese) ? shapes.find((s) => s.code === 'new-area') : undefined)
  );
}
