import type { Output, PlatformApi } from '@qej/contract';
import type { DrawPurpose } from '@qej/evaluation';
import type { AuthenticatedContext } from '../handlers.ts';
import type { EvidenceLog } from '../log/index.ts';
import type { BasePorts, PlatformTrust, Transaction } from '../ports.ts';
import type { TenderRecord } from '../records.ts';

export interface OpenedFile {
  readonly fileIndex: number;
  readonly stage: string;
  readonly part: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Address in the blob store. */
  readonly sha256: string;
}
/** A bid whose content has been opened and that goes to the committee. */
export interface OpenedBid {
  readonly bidId: string;
  readonly organizationId: string;
  readonly name: string;
  /** Decimal CNY, as the opening record has it. */
  readonly price: string;
  readonly files: readonly OpenedFile[];
}
export interface OpenedBids {
  /** In the order of the opening record. */
  openedBidsOf(tx: Transaction, tenderId: string): Promise<readonly OpenedBid[]>;
}
export interface DrawSeeds {
  /** 32 bytes out of the entropy of the opened seals, docs/formats/draw.md. */
  drawSeed(record: TenderRecord, purpose: DrawPurpose): Uint8Array | Promise<Uint8Array>;
}
/** The expert rooms; both are idempotent. */
export interface Rooms {
  open(tenderId: string): Promise<void>;
  close(tenderId: string): Promise<void>;
  /** Shows somebody out who recused during the evaluation. */
  remove(tenderId: string, participantId: string): void;
}
/** The tender as the tender station shows it; what commands answer with. */
export type ViewTender = (tenderId: string, context: AuthenticatedContext) => Promise<Output<PlatformApi['getTender']>>;

export interface EvaluationPorts extends BasePorts {
  readonly trust: PlatformTrust;
  readonly log: Pick<EvidenceLog, 'settle'>;
  readonly facts: { readonly demo: boolean };
  readonly bids: OpenedBids;
  readonly seeds: DrawSeeds;
  readonly rooms: Rooms;
  readonly viewTender: ViewTender;
}
