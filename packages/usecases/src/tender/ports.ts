import type { Instant } from '@qej/kernel';
import type { CryptoProvider } from '@qej/sealed-bid';
import type { ReleaseStage } from '@qej/tendering';
import type { DocumentPorts } from '../documents/document-handlers.ts';
import type { HolderEntry, PlatformFacts } from '../identity/index.ts';
import type { EvidenceLog } from '../log/index.ts';
import type { Transaction } from '../ports.ts';
import type { TenderRecord } from '../records.ts';

export interface TenderPorts extends DocumentPorts {
  readonly facts: PlatformFacts;
  readonly log: EvidenceLog;
  readonly provider: CryptoProvider;
  /** Holders that can be named in a notice. */
  readonly holders: () => Promise<readonly HolderEntry[]>;
  /** The opening: which stages holders may release now. */
  readonly releaseGate: (record: TenderRecord) => readonly ReleaseStage[];
  /** The committee: writes the root of the expert pool into the log, before anything depends on it. */
  readonly appendPool: (tx: Transaction, record: TenderRecord, now: Instant) => Promise<void>;
}
