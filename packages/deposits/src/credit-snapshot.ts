import { canonicalBytes, parseCanonical } from '@qej/kernel';
import { flag, instantText, integer, list, moneyText, nullable, object, oneOf, text } from './shape.ts';

/** Best first. */
export const creditGrades = ['AAA', 'AA', 'A', 'B', 'C', 'D'] as const;
export type CreditGrade = (typeof creditGrades)[number];

export const creditProbes = [
  'dishonest-judgment-debtor',
  'serious-dishonesty-list',
  'procurement-serious-violation',
  'abnormal-operation',
  'tax-serious-violation',
  'wage-arrears-list',
  'tender-penalty',
  'broken-commitment',
] as const;
/** 失信被执行人, 严重失信主体, 政府采购严重违法, 经营异常, 重大税收违法, 拖欠农民工工资, 招投标行政处罚, 承诺未履行. */
export type CreditProbe = (typeof creditProbes)[number];

/** One entry against the firm or its legal representative. */
export interface CreditRecord {
  readonly probe: CreditProbe;
  readonly subject: 'firm' | 'legal-representative';
  readonly authority: string;
  readonly reference: string;
  readonly from: string;
  /** Null = no end set. */
  readonly until: string | null;
  /** 信用修复: from this instant the entry no longer counts. */
  readonly repairedAt: string | null;
}

/**
 * Facts about one bidder, signed by their issuer (credit bureau), version 1. The signature is kept beside the bytes and verified by
 * the caller. It names no tender. Format: docs/formats/deposit.md.
 */
export interface CreditSnapshot {
  readonly v: 1;
  readonly subject: { readonly name: string; readonly uscc: string };
  readonly issuer: { readonly name: string; readonly uscc: string };
  /** Null = never graded. */
  readonly grade: CreditGrade | null;
  /** Points of the issuer's own scale; shown, never decided on. */
  readonly score: number | null;
  readonly issuedAt: string;
  readonly validTo: string;
  readonly isSmallOrMicro: boolean;
  /** What each register answered; an absent probe counts as unavailable. */
  readonly sources: readonly { readonly probe: CreditProbe; readonly status: 'answered' | 'unavailable' }[];
  readonly records: readonly CreditRecord[];
  /** Σ of waived sums that are still open elsewhere, decimal CNY. */
  readonly openWaivedAmount: string;
}

const party = object<CreditSnapshot['subject']>({ name: text(200), uscc: text(18, 18) });

const readSnapshot = object<CreditSnapshot>({
  v: oneOf([1]),
  subject: party,
  issuer: party,
  grade: nullable(oneOf(creditGrades)),
  score: nullable(integer(0, 1_000_000)),
  issuedAt: instantText,
  validTo: instantText,
  isSmallOrMicro: flag,
  sources: list(
    object<CreditSnapshot['sources'][number]>({
      probe: oneOf(creditProbes),
      status: oneOf(['answered', 'unavailable']),
    }),
    0,
    creditProbes.length,
  ),
  records: list(
    object<CreditRecord>({
      probe: oneOf(creditProbes),
      subject: oneOf(['firm', 'legal-representative']),
      authority: text(200),
      reference: text(200),
      from: instantText,
      until: nullable(instantText),
      repairedAt: nullable(instantText),
    }),
    0,
    50,
  ),
  openWaivedAmount: moneyText,
});

/** The bytes that the issuer signs. */
export const encodeCreditSnapshot = (snapshot: CreditSnapshot): Uint8Array<ArrayBuffer> =>
  canonicalBytes(readSnapshot(snapshot, 'snapshot'));

/** @throws DomainError `E_FORMAT` */
export const decodeCreditSnapshot = (bytes: Uint8Array): CreditSnapshot =>
  readSnapshot(parseCanonical(bytes), 'snapshot');
