import type { LotKeys } from '@qej/client';
import { formatMoney, parseMoney } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { DomainError } from '@qej/kernel';

/** What the person has put together so far. */
export interface BidForm {
  readonly files: readonly PartFile[];
  readonly price: PriceFields;
}
export interface PartFile {
  readonly part: 'main' | 'attachment';
  readonly file: File;
}
export interface PriceFields {
  readonly total: string;
  readonly periodDays: string;
  readonly quality: string;
  readonly manager: string;
}
export const emptyPrice: PriceFields = { total: '', periodDays: '', quality: '', manager: '' };

/** `1,234.5` → `1234.50`; undefined where it is no amount above zero. */
export function readTotal(text: string): string | undefined {
  const plain = text.replaceAll(/[,，\s]/g, '');
  const match = /^(\d{1,14})(?:\.(\d{1,2}))?$/.exec(plain);
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  const decimal = `${whole.replace(/^0+(?=\d)/, '')}.${fraction.padEnd(2, '0')}`;
  try {
    return parseMoney(decimal).amountMinor > 0n ? decimal : undefined;
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
export const readPeriod = (text: string): number | undefined =>
  /^[1-9]\d{0,4}$/.test(text.trim()) ? Number(text.trim()) : undefined;

/** The price document of docs/formats/opening.md; call it only for a complete form. */
export function priceJson({ total, periodDays, quality, manager }: PriceFields): Json {
  return {
    v: 1,
    total: readTotal(total) ?? '',
    currency: 'CNY',
    periodDays: readPeriod(periodDays) ?? 0,
    quality: quality.normalize('NFC').trim(),
    manager: manager.normalize('NFC').trim(),
  };
}

export interface DepositState {
  /** Decimal strings, CNY. */
  readonly waived: string;
  readonly due: string;
  readonly guaranteed: string;
  readonly isCovered: boolean;
}
export type CheckId = 'files' | 'names' | 'size' | 'price' | 'ceiling' | 'details' | 'deposit' | 'time';
export interface FormCheck {
  readonly id: CheckId;
  /** `warn` does not stop the sealing. */
  readonly state: 'ok' | 'missing' | 'warn';
}
export interface CheckInput {
  readonly form: BidForm;
  readonly lot: LotKeys;
  readonly deposit: DepositState;
  readonly nowMs: number;
}

/** 1,024 objects a session, each of 1 MiB, some of them for padding and headers. */
const MAX_BYTES = 900 * 1_048_576;
const MAX_NAME = 255;
const SOON_MS = 10 * 60_000;
/** More files than this make a record longer than the container allows. */
const MAX_FILES = 40;

export const totalBytes = ({ files }: BidForm): number => files.reduce((sum, { file }) => sum + file.size, 0);

function namesFit({ files }: BidForm): boolean {
  const names = files.map(({ file }) => file.name.normalize('NFC'));
  return (
    new Set(names).size === names.length && names.every((name) => name.length <= MAX_NAME) && names.length <= MAX_FILES
  );
}
function isAboveCeiling({ form, lot }: CheckInput): boolean {
  const total = readTotal(form.price.total);
  const { ceilingPrice } = lot.lot;
  if (total === undefined || ceilingPrice === null) return false;
  return parseMoney(total).amountMinor > parseMoney(ceilingPrice).amountMinor;
}

/** Completeness against the notice. */
export function checkForm(input: CheckInput): readonly FormCheck[] {
  const { form, lot, deposit, nowMs } = input;
  const { price, files } = form;
  const must = (id: CheckId, holds: boolean): FormCheck => ({ id, state: holds ? 'ok' : 'missing' });
  const should = (id: CheckId, holds: boolean): FormCheck => ({ id, state: holds ? 'ok' : 'warn' });
  const hasDetails = price.quality.trim() !== '' && price.manager.trim() !== '';
  const isShort = price.quality.trim().length <= 200 && price.manager.trim().length <= 200;
  return [
    must(
      'files',
      files.some(({ part, file }) => part === 'main' && file.size > 0),
    ),
    must('names', namesFit(form)),
    must('size', totalBytes(form) <= MAX_BYTES),
    must('price', readTotal(price.total) !== undefined),
    ...(lot.lot.ceilingPrice === null ? [] : [should('ceiling', !isAboveCeiling(input))]),
    must('details', readPeriod(price.periodDays) !== undefined && hasDetails && isShort),
    must('deposit', deposit.isCovered),
    should('time', lot.deadline - nowMs > SOON_MS),
  ];
}

export const noDeposit: DepositState = { waived: '0.00', due: '0.00', guaranteed: '0.00', isCovered: false };

/** What credit and guarantee cover of the deposit. */
export function depositStateOf(
  decision: { readonly waived: Parameters<typeof formatMoney>[0]; readonly due: Parameters<typeof formatMoney>[0] },
  guaranteed: string | undefined,
): DepositState {
  const covered = guaranteed === undefined ? 0n : parseMoney(guaranteed).amountMinor;
  return {
    waived: formatMoney(decision.waived),
    due: formatMoney(decision.due),
    guaranteed: guaranteed ?? '0.00',
    isCovered: covered >= decision.due.amountMinor,
  };
}
