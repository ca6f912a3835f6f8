import { DomainError } from '@qej/kernel';

/** GB 32100-2015: digits and capitals without I, O, S, V, Z; the index is the value. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

declare const usccBrand: unique symbol;
/** 统一社会信用代码, checked. */
export type Uscc = string & { readonly [usccBrand]: true };

/**
 * The 18th character for the first 17 (GB 32100, ISO 7064 MOD 31-3).
 * @throws DomainError `E_USCC` unless there are 17 characters of the alphabet.
 */
export function usccCheckCharacter(first17: string): string {
  if (first17.length !== WEIGHTS.length) throw new DomainError('E_USCC', { detail: 'expected 17 characters' });
  let sum = 0;
  WEIGHTS.forEach((weight, index) => {
    const value = ALPHABET.indexOf(first17.charAt(index));
    if (value < 0) throw new DomainError('E_USCC', { detail: 'a character that the code does not know' });
    sum += value * weight;
  });
  return ALPHABET.charAt((31 - (sum % 31)) % 31);
}

/** Positions 3–8: the administrative division. */
const DIVISION = /^..\d{6}/;

/** @throws DomainError `E_USCC` for a wrong length, alphabet, division or check character. */
export function parseUscc(text: string): Uscc {
  if (text.length !== 18) throw new DomainError('E_USCC', { detail: 'expected 18 characters' });
  const expected = usccCheckCharacter(text.slice(0, 17));
  if (!DIVISION.test(text)) throw new DomainError('E_USCC', { detail: 'positions 3 to 8 are digits' });
  if (text.charAt(17) !== expected) throw new DomainError('E_USCC', { detail: 'the check character is wrong' });
  return text as Uscc;
}
