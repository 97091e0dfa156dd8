// SPDX-License-Identifier: Apache-2.0
// An amount in the capital figures that Chinese contracts carry: 叁拾柒万零柒佰陆拾元整.
import { isDecimal, withDigits } from './decimal';

const digits = '零壹贰叁肆伍陆柒捌玖';
const small = ['', '拾', '佰', '仟'];
const large = ['', '万', '亿', '万亿'];

/** Four digits; a gap between figures is one 零, none at the end. */
function group(text: string): string {
  let result = '';
  let gap = false;
  [...text].forEach((digit, i) => {
    if (digit === '0') {
      gap = true;
      return;
    }
    if (gap && result) result += '零';
    gap = false;
    result += digits[Number(digit)]! + small[text.length - 1 - i]!;
  });
  return result;
}

function whole(text: string): string {
  const groups: string[] = [];
  for (let end = text.length; end > 0; end -= 4) groups.unshift(text.slice(Math.max(0, end - 4), end));
  let result = '';
  let gap = false;
  groups.forEach((four, i) => {
    const said = group(four);
    if (!said) {
      gap = result !== '';
      return;
    }
    const short = result !== '' && (four.startsWith('0') || gap);
    result += (short ? '零' : '') + said + (large[groups.length - 1 - i] ?? '');
    gap = false;
  });
  return result;
}

/** "370760.00" as 叁拾柒万零柒佰陆拾元整; empty where it cannot be said. */
export function capitals(amount: string): string {
  if (!isDecimal(amount)) return '';
  const text = withDigits(amount.replace('-', ''), 2);
  const [yuan = '0', cents = '00'] = text.split('.');
  if (yuan.length > 16 || cents.length > 2) return '';
  const [jiao, fen] = [Number(cents[0]), Number(cents[1])];
  const body = whole(yuan.replace(/^0+(?=\d)/, ''));
  let tail = '';
  if (!jiao && !fen) tail = '整';
  else {
    if (jiao) tail += digits[jiao]! + '角';
    else if (body) tail += '零';
    tail += fen ? digits[fen]! + '分' : '整';
  }
  const said = body ? `${body}元${tail}` : tail === '整' ? '零元整' : tail;
  return (amount.startsWith('-') ? '负' : '') + said;
}
