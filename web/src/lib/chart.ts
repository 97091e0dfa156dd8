// SPDX-License-Identifier: Apache-2.0
// Geometry of a line of prices. Floating point is for pixels only.

export interface Point {
  label: string;
  value: number;
  text: string;
  thin?: boolean;
}
export interface Drawn extends Point {
  x: number;
  y: number;
}

/** Round values for the axis, about `wanted` of them, that span low..high. */
export function ticks(low: number, high: number, wanted: number): number[] {
  const span = high - low || Math.abs(high) * 0.02 || 1;
  const rough = span / wanted;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * unit).find((s) => s >= rough) ?? unit * 10;
  const first = Math.ceil(low / step - 1e-9) * step;
  const result: number[] = [];
  for (let v = first; v <= high + step * 1e-9; v += step) result.push(Number(v.toPrecision(12)));
  return result;
}

export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export function layout(points: Point[], frame: Frame): { drawn: Drawn[]; axis: { y: number; text: number }[] } {
  const values = points.map((p) => p.value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const margin = (high - low || Math.abs(high) * 0.01 || 1) * 0.12;
  const from = low - margin;
  const to = high + margin;
  const y = (v: number): number =>
    frame.top + ((to - v) / (to - from)) * (frame.height - frame.top - frame.bottom);
  const room = frame.width - frame.left - frame.right;
  const step = points.length > 1 ? room / (points.length - 1) : 0;
  const drawn = points.map((p, i) => ({
    ...p,
    x: frame.left + (points.length > 1 ? i * step : room / 2),
    y: y(p.value),
  }));
  return { drawn, axis: ticks(from, to, 3).map((v) => ({ y: y(v), text: v })) };
}

export const line = (points: Drawn[], stepped = false): string =>
  points
    .map((p, i) => {
      const at = `${p.x.toFixed(1)} ${p.y.toFixed(1)}`;
      if (!i) return `M${at}`;
      return stepped ? `H${p.x.toFixed(1)}V${p.y.toFixed(1)}` : `L${at}`;
    })
    .join('');
