// SPDX-License-Identifier: Apache-2.0
// The page's colours for what is drawn on a canvas.

export interface Colours {
  ink: string;
  soft: string;
  line: string;
  sheet: string;
  green: string;
  amber: string;
  rise: string;
  fall: string;
  font: string;
}

/** As they are now; they change with the language and with light or dark. */
export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const probe = document.createElement('i');
  probe.hidden = true;
  document.body.append(probe);
  // A colour that names another one is resolved by the browser alone.
  const resolved = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const result = {
    ink: of('ink'),
    soft: of('soft'),
    line: of('line'),
    sheet: of('sheet'),
    green: of('green'),
    amber: of('amber'),
    rise: resolved('rise'),
    fall: resolved('fall'),
    font: of('sans'),
  };
  probe.remove();
  return result;
}
