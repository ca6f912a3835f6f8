import { decideOwnCredit, findGuarantors } from '@qej/client';
import type { Guarantor, OwnCreditDecision } from '@qej/client';
import { money } from '@qej/kernel';
import type { Instant, Money } from '@qej/kernel';
import type { ApiClient } from '../../api/client.ts';
import { readBoundCertificates, readLotContext } from './use-bidder.ts';
import type { LotContext } from './use-bidder.ts';

export interface DepositFacts extends LotContext {
  readonly own: OwnCreditDecision;
  readonly guarantors: readonly Guarantor[];
  /** What is asked of the guarantor: the sum due, rounded up so that the sum does not name the lot. */
  readonly asked: Money;
}
const ROUND_MINOR = 1_000_000n;

/** Up to the next full 10,000 yuan. */
export const roundedUp = ({ amountMinor }: Money): Money =>
  money(((amountMinor + ROUND_MINOR - 1n) / ROUND_MINOR) * ROUND_MINOR);

/** Rule, own credit decision and guarantors of one lot; everything checked in this browser. */
export async function readDepositFacts(api: ApiClient, tenderId: string, now: Instant): Promise<DepositFacts> {
  const context = await readLotContext(api, tenderId, now);
  const { sign } = await readBoundCertificates(api);
  const own = await decideOwnCredit(api, context.lot, sign.subject.uscc ?? '');
  const guarantors = await findGuarantors(api, context.trust, now);
  return { ...context, own, guarantors, asked: roundedUp(own.decision.due) };
}
