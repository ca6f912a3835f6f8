import { creditProbes, encodeCreditSnapshot, waiverPolicies, waiverPolicyIds } from '@qej/deposits';
import type { CreditSnapshot } from '@qej/deposits';
import {
  addMoney,
  DomainError,
  formatInstant,
  formatMoney,
  money,
  parseCanonical,
  plusMs,
  toBase64,
} from '@qej/kernel';
import type { Instant, Money } from '@qej/kernel';
import type { Handlers } from '../handlers.ts';
import type { Transaction } from '../ports.ts';
import type { OrganizationRecord } from '../records.ts';
import { openWaivedOf, readBidDeposit } from './bid-deposit.ts';
import type { CreditFacts, DepositPorts } from './ports.ts';
import { withoutChain } from './without-chain.ts';

const VALID_MS = 30 * 86_400_000;

/** Σ of what is waived and still open, over bids that were opened: bids that are not are nobody's business. */
async function openWaived(tx: Transaction, organizationId: string): Promise<Money> {
  const bids = await tx.bids.list({ organizationId });
  return bids.reduce((sum, bid) => addMoney(sum, openWaivedOf(readBidDeposit(bid.deposit))), money(0n));
}

function snapshotOf(
  facts: CreditFacts | undefined,
  about: {
    readonly organization: OrganizationRecord;
    readonly open: Money;
    readonly issuer: DepositPorts['credit']['issuer'];
  },
  now: Instant,
): CreditSnapshot {
  const { organization, open, issuer } = about;
  return {
    v: 1,
    subject: { name: organization.name, uscc: organization.uscc },
    issuer,
    grade: facts?.grade ?? null,
    score: facts?.score ?? null,
    issuedAt: formatInstant(now),
    validTo: formatInstant(plusMs(now, VALID_MS)),
    isSmallOrMicro: facts?.isSmallOrMicro ?? false,
    sources: creditProbes.map((probe) => ({
      probe,
      status: facts?.unavailable.includes(probe) === true ? 'unavailable' : 'answered',
    })),
    records: facts?.records ?? [],
    openWaivedAmount: formatMoney(open),
  };
}

const policyJson = (id: (typeof waiverPolicyIds)[number]) => {
  const { exposureLimit, deMinimis, label: _label, ...rest } = waiverPolicies[id];
  return { ...rest, exposureLimit: formatMoney(exposureLimit), deMinimis: formatMoney(deMinimis) };
};

/** One's own signed credit facts, and the tables that turn them into a waiver. The platform's seal signs in the bureau's stead. */
export function makeCreditHandlers(ports: DepositPorts): Handlers<'getCreditSnapshot' | 'getCreditPolicy'> {
  const { db, credit, trust } = ports;
  return {
    getCreditSnapshot: async (_input, { caller, now }) => {
      const { organization, open } = await db.read(async (tx) => ({
        organization: await tx.organizations.get({ id: caller.organizationId }),
        open: await openWaived(tx, caller.organizationId),
      }));
      let facts: CreditFacts | undefined;
      try {
        facts = await credit.factsOf(organization.uscc);
      } catch (cause) {
        throw new DomainError('E_CREDIT_SOURCE', { cause });
      }
      const snapshot = encodeCreditSnapshot(snapshotOf(facts, { organization, open, issuer: credit.issuer }, now));
      const cms = await trust.sign('qej-credit/1', snapshot);
      return { snapshot: toBase64(snapshot), signature: toBase64(withoutChain(cms)), facts: parseCanonical(snapshot) };
    },
    getCreditPolicy: async ({ params }) => {
      const id = waiverPolicyIds.find((known) => known === params.policyId);
      if (id === undefined) throw new DomainError('E_NOT_FOUND');
      return { policy: policyJson(id), label: { ...waiverPolicies[id].label } };
    },
  };
}
