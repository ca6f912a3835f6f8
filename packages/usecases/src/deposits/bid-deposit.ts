import { balancesOf, moveDeposit, openLedger } from '@qej/deposits';
import type { CoverageReason, DepositLedger, DepositPot, LedgerReason, OpenLedger } from '@qej/deposits';
import type { UndertakingFinding } from '@qej/guarantees';
import { formatInstant, formatMoney, money, parseInstant, parseMoney } from '@qej/kernel';
import type { Instant, Json, Money } from '@qej/kernel';

/** Found out about a declaration; none of it is shown in the hall, which says delivered or not. */
export type DeclarationFinding =
  | 'DECLARATION_FORMAT'
  | 'CREDIT_SIGNATURE'
  | 'CREDIT_SUBJECT'
  | 'CREDIT_REPLAY'
  | 'COMMITMENT_LETTER'
  | 'GUARANTEE_FOREIGN'
  | 'GUARANTEE_QR'
  | UndertakingFinding;

/** A guarantee of a bid: as its signed QR presents it, then as the guarantor's undertaking says. */
export interface BidGuarantee {
  readonly orderId: string;
  readonly guarantorId: string;
  readonly number: string;
  readonly k: string;
  readonly certificateSha256: string;
  readonly amount: string;
  readonly validTo: string;
  readonly check: 'presented' | 'verified' | 'refused';
}

interface WireEntry {
  readonly entryId: string;
  readonly from: DepositPot | null;
  readonly to: DepositPot;
  readonly amount: string;
  readonly reason: LedgerReason;
  readonly at: string;
}

/** Member `detail` of a bid's `deposit`. */
export interface BidDeposit {
  readonly v: 1;
  readonly lotId: string;
  /** The decision as the platform computed it again (docs/formats/deposit.md). */
  readonly decision: Json;
  readonly required: string;
  readonly waived: string;
  readonly due: string;
  readonly reasons: readonly CoverageReason[];
  readonly findings: readonly DeclarationFinding[];
  readonly guarantee: BidGuarantee | null;
  readonly ledger: readonly WireEntry[];
}

/** What the opening keeps of a bid: shown state and words, and the detail behind them. */
export interface KeptDeposit {
  readonly state: 'submitted' | 'missing';
  readonly text: { readonly zh: string; readonly en: string };
  readonly detail: BidDeposit;
}

const isKept = (value: Json): boolean =>
  typeof value === 'object' && value !== null && 'detail' in value && isDetail((value as { detail: Json }).detail);
const isDetail = (value: Json): boolean =>
  typeof value === 'object' && value !== null && 'v' in value && 'ledger' in value;

/** Undefined where the review refused the whole declaration. */
export const readBidDeposit = (value: Json): KeptDeposit | undefined =>
  isKept(value) ? (value as unknown as KeptDeposit) : undefined; // written by the review alone
export const writeBidDeposit = (deposit: KeptDeposit): Json => deposit as unknown as Json; // plain data

export const wireLedger = ({ entries }: DepositLedger): readonly WireEntry[] =>
  entries.map((entry) => ({ ...entry, amount: formatMoney(entry.amount), at: formatInstant(entry.at) }));

/** The ledger of a delivered deposit. */
export const startLedger = (command: Omit<OpenLedger, 'entryId'>, now: Instant): readonly WireEntry[] =>
  wireLedger(openLedger({ ...command, entryId: `delivered:${command.lotId}:${command.organizationId}` }, now));

export const ledgerOf = ({ detail }: KeptDeposit, organizationId: string): DepositLedger => ({
  lotId: detail.lotId,
  organizationId,
  required: parseMoney(detail.required),
  entries: detail.ledger.map((entry) => ({ ...entry, amount: parseMoney(entry.amount), at: parseInstant(entry.at) })),
});

export interface PotMove {
  readonly from: 'waived' | 'guaranteed';
  readonly reason: 'waiver-discharged' | 'released';
  readonly at: Instant;
}

/** Everything that is left in a pot goes back; an empty pot changes nothing, so doing it again is harmless. */
export function returnPot(deposit: KeptDeposit, organizationId: string, move: PotMove): KeptDeposit {
  const ledger = ledgerOf(deposit, organizationId);
  const amount = ledger.entries.length === 0 ? money(0n) : balancesOf(ledger)[move.from];
  if (amount.amountMinor === 0n) return deposit;
  const entry = { ...move, entryId: `returned:${move.from}`, to: 'returned', amount } as const;
  return { ...deposit, detail: { ...deposit.detail, ledger: wireLedger(moveDeposit(ledger, entry)) } };
}

/** What is still waived for a bid: the bidder's exposure. */
export function openWaivedOf(deposit: KeptDeposit | undefined): Money {
  if (deposit === undefined || deposit.detail.ledger.length === 0) return money(0n);
  return balancesOf(ledgerOf(deposit, '')).waived;
}
