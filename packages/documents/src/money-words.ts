import { DomainError, type Money } from '@qej/kernel';

const DIGITS = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'] as const;
const PLACES = ['', '拾', '佰', '仟'] as const;
const GROUPS = ['', '万', '亿', '万亿'] as const;

/** One to four digits without leading zeros: 1203 → 壹仟贰佰零叁. */
function group(value: number): string {
  let words = '';
  let gap = false;
  const digits = Array.from(String(value), Number);
  for (const [index, digit] of digits.entries()) {
    if (digit === 0) {
      gap = true;
      continue;
    }
    words += `${gap ? '零' : ''}${DIGITS[digit]}${PLACES[digits.length - 1 - index]}`;
    gap = false;
  }
  return words;
}

/** 万亿 and 亿 share the second 亿: 100 010 000 → 壹亿零壹万, 2 000 000 000 000 → 贰万亿. */
function yuanWords(yuan: bigint): string {
  let rest = yuan;
  const groups: number[] = [];
  while (rest > 0n) {
    groups.push(Number(rest % 10_000n));
    rest /= 10_000n;
  }
  let words = '';
  let gap = false;
  for (let index = groups.length - 1; index >= 0; index--) {
    const value = groups[index] ?? 0;
    if (value === 0) {
      gap = words !== '';
      continue;
    }
    const unit = index === 3 && (groups[2] ?? 0) !== 0 ? '万' : GROUPS[index];
    words += `${words !== '' && (gap || value < 1000) ? '零' : ''}${group(value)}${unit}`;
    gap = false;
  }
  return words;
}

/**
 * The amount in the characters of Chinese bills (支付结算办法, annex 1): 人民币壹佰贰拾叁万元整; 整 follows 元 and 角, never 分;
 * a missing 角 before 分 is written 零.
 * @throws DomainError `E_MONEY` for a negative amount or one beyond 2^53 − 1 fen
 */
export function moneyInWords(amountMinor: bigint): string {
  if (amountMinor < 0n || amountMinor > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new DomainError('E_MONEY', { detail: 'no words for this amount' });
  }
  const yuan = amountMinor / 100n;
  const jiao = Number((amountMinor / 10n) % 10n);
  const fen = Number(amountMinor % 10n);
  const whole = yuan > 0n ? `${yuanWords(yuan)}元` : '';
  if (jiao === 0 && fen === 0) return `人民币${whole === '' ? '零元' : whole}整`;
  const tens = jiao > 0 ? `${DIGITS[jiao]}角` : whole === '' ? '' : '零';
  return `人民币${whole}${tens}${fen > 0 ? `${DIGITS[fen]}分` : '整'}`;
}

/** `1,234,567.00`: thousands separated, two decimals. */
export function moneyInFigures({ amountMinor }: Money): string {
  const absolute = amountMinor < 0n ? -amountMinor : amountMinor;
  const yuan = (absolute / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amountMinor < 0n ? '-' : ''}${yuan}.${(absolute % 100n).toString().padStart(2, '0')}`;
}
