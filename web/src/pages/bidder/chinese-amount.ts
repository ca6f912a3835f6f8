const DIGITS = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'] as const;
const PLACES = ['', '拾', '佰', '仟'] as const;
const GROUPS = ['', '万', '亿', '万亿'] as const;

/** Four digits as words; zeros inside become one 零. */
function groupWords(group: string): string {
  let words = '';
  let isGap = false;
  for (const [index, digit] of group.split('').entries()) {
    if (digit === '0') {
      isGap = words !== '';
      continue;
    }
    words += `${isGap ? '零' : ''}${DIGITS[Number(digit)] ?? ''}${PLACES[group.length - 1 - index] ?? ''}`;
    isGap = false;
  }
  return words;
}

function yuanWords(whole: string): string {
  const digits = whole.padStart(Math.ceil(whole.length / 4) * 4, '0');
  const groups = digits.match(/\d{4}/g) ?? [];
  let words = '';
  for (const [index, group] of groups.entries()) {
    const spoken = groupWords(group);
    if (spoken === '') continue;
    const previous = groups[index - 1];
    const needsZero = words !== '' && (group.startsWith('0') || previous === '0000');
    words += `${needsZero ? '零' : ''}${spoken}${GROUPS[groups.length - 1 - index] ?? ''}`;
  }
  return words;
}

/** `1234.50` → 人民币壹仟贰佰叁拾肆元伍角整; the capital figures of 《正确填写票据和结算凭证的基本规定》 (银发〔1997〕393号). */
export function chineseAmount(decimal: string): string {
  const match = /^(\d{1,14})\.(\d)(\d)$/.exec(decimal);
  if (match === null) return '';
  const [, whole = '0', jiao = '0', fen = '0'] = match;
  const yuan = yuanWords(whole.replace(/^0+(?=\d)/, ''));
  const yuanPart = yuan === '' ? '' : `${yuan}元`;
  if (jiao === '0' && fen === '0') return `人民币${yuanPart === '' ? '零元' : yuanPart}整`;
  const jiaoPart = jiao !== '0' ? `${DIGITS[Number(jiao)]}角` : yuan === '' ? '' : '零';
  return `人民币${yuanPart}${jiaoPart}${fen === '0' ? '整' : `${DIGITS[Number(fen)]}分`}`;
}
