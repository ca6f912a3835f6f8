export {
  concatBytes,
  equalBytes,
  fromBase64,
  fromBase64Url,
  fromHex,
  fromUtf8,
  lengthValue,
  toBase64,
  toBase64Url,
  toHex,
  u32be,
  u64be,
  utf8,
} from './bytes.ts';
export { canonicalBytes, canonicalJson, parseCanonical } from './canonical-json.ts';
export type { Json } from './canonical-json.ts';
export { DomainError } from './domain-error.ts';
export type { DomainErrorOptions } from './domain-error.ts';
export { newId, parseId } from './ids.ts';
export type { Id } from './ids.ts';
export { formatInstant, instant, parseInstant, plusMs, systemClock } from './instant.ts';
export type { Clock, Instant } from './instant.ts';
export { addMoney, formatMoney, money, parseMoney, proportion, subtractMoney } from './money.ts';
export type { Currency, Money } from './money.ts';
export { Secret } from './secret.ts';
export { advance } from './transitions.ts';
export type { Transitions } from './transitions.ts';
