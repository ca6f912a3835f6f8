import { money } from '@qej/kernel';
import type { Money } from '@qej/kernel';
import type { CreditGrade, CreditProbe } from './credit-snapshot.ts';

export const waiverPolicyIds = ['demo-policy-1'] as const;
export type WaiverPolicyId = (typeof waiverPolicyIds)[number];

/** One region's waiver policy, dated data: no number of it stands in code. */
export interface WaiverPolicy {
  readonly id: WaiverPolicyId;
  readonly label: { readonly zh: string; readonly en: string };
  /** True: nobody enacted this; it is invented to show the mechanism. */
  readonly isInvented: boolean;
  readonly effectiveFrom: string;
  readonly tiersBasisPoints: Readonly<Record<CreditGrade, number>>;
  readonly smallOrMicroBonusBasisPoints: number;
  readonly ratioCapBasisPoints: number;
  readonly exposureLimit: Money;
  /** A remainder below this is not asked for. */
  readonly deMinimis: Money;
  readonly snapshotMaxAgeMs: number;
  /** A positive hit of one of these ends the waiver. */
  readonly hardStops: readonly CreditProbe[];
  /** A consortium is graded by its weakest member. */
  readonly consortium: 'weakest-member';
  /** The waived part must be paid within so many days of a demand. */
  readonly commitmentPayDays: number;
}

const demoPolicy1: WaiverPolicy = {
  id: 'demo-policy-1',
  label: {
    zh: '演示用信用减免政策（虚构，未经任何机关发布）',
    en: 'Waiver policy for demonstration (invented, enacted by nobody)',
  },
  isInvented: true,
  effectiveFrom: '2026-01-01',
  tiersBasisPoints: { AAA: 10_000, AA: 8_000, A: 5_000, B: 0, C: 0, D: 0 },
  smallOrMicroBonusBasisPoints: 1_000,
  ratioCapBasisPoints: 10_000,
  exposureLimit: money(500_000_000n),
  deMinimis: money(100_000n),
  snapshotMaxAgeMs: 30 * 86_400_000,
  hardStops: [
    'dishonest-judgment-debtor',
    'serious-dishonesty-list',
    'procurement-serious-violation',
    'tax-serious-violation',
    'wage-arrears-list',
    'broken-commitment',
  ],
  consortium: 'weakest-member',
  commitmentPayDays: 10,
};

export const waiverPolicies: Readonly<Record<WaiverPolicyId, WaiverPolicy>> = { 'demo-policy-1': demoPolicy1 };
