import type { Instant, Json } from '@qej/kernel';
import type { Handlers } from '../handlers.ts';
import type { DepositReview } from '../opening/ports.ts';
import type { Deposits } from '../result/ports.ts';
import { makeCallbackHandlers } from './bank-callback.ts';
import { makeCreditHandlers } from './credit-handlers.ts';
import { depositJobs } from './deposit-jobs.ts';
import { depositPeriodic } from './deposit-periodic.ts';
import { makeDepositReview } from './deposit-review.ts';
import { makeGuarantorDirectory } from './guarantor-directory.ts';
import { makeGuarantorHandlers } from './guarantor-handlers.ts';
import { makeOrderHandlers } from './order-handlers.ts';
import type { DepositPorts } from './ports.ts';
import { makeDeposits } from './release-deposits.ts';

export { readBidDeposit } from './bid-deposit.ts';
export type { BidDeposit, BidGuarantee, DeclarationFinding, KeptDeposit } from './bid-deposit.ts';
export type {
  CreditFacts,
  CreditSource,
  DepositPorts,
  Guarantor,
  RevealedPapers,
  SignedMessage,
  VerifiedStatement,
} from './ports.ts';

type Names =
  | 'getCreditSnapshot'
  | 'getCreditPolicy'
  | 'listGuarantors'
  | 'applyForGuarantee'
  | 'listGuaranteeOrders'
  | 'getGuaranteeOrder'
  | 'cancelGuaranteeOrder'
  | 'bankCallback'
  | 'verifyGuarantee'
  | 'listGuarantorOrders';

/** The deposit station: routes, work, and what opening and result ask of it. */
export interface DepositStation {
  readonly handlers: Handlers<Names>;
  readonly jobs: Readonly<Record<string, (payload: Json, now: Instant) => Promise<void>>>;
  readonly periodic: readonly { readonly name: string; readonly run: (now: Instant) => Promise<number> }[];
  readonly review: DepositReview;
  readonly deposits: Deposits;
}

export function makeDepositStation(ports: DepositPorts): DepositStation {
  const directory = makeGuarantorDirectory(ports);
  return {
    handlers: {
      ...makeCreditHandlers(ports),
      ...makeOrderHandlers(ports),
      ...makeCallbackHandlers(ports),
      ...makeGuarantorHandlers(ports, directory),
    },
    jobs: depositJobs(ports),
    periodic: depositPeriodic(ports, directory),
    review: makeDepositReview(ports, directory),
    deposits: makeDeposits(ports),
  };
}
