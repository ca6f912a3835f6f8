import type { CryptoProvider } from '@qej/sealed-bid';
import type { ObjectPool } from '../intake/index.ts';
import type { EvidenceLog } from '../log/index.ts';
import type { BasePorts, PlatformTrust } from '../ports.ts';

export interface ArchivePorts extends BasePorts {
  readonly trust: PlatformTrust;
  readonly log: EvidenceLog;
  readonly provider: CryptoProvider;
  /** Sealed objects of 1 MiB: those of the price stages go into a full archive. */
  readonly objects: ObjectPool;
  /** Register envelopes, by slot. */
  readonly registers: ObjectPool;
  /** As the intake says it on its receipts. */
  readonly tsaIndependent: boolean;
}

export type ArchiveProfile = 'full' | 'public';

/** One file inside an archive (docs/formats/archive.md). */
export interface ArchiveMember {
  readonly path: string;
  readonly bytes: Uint8Array;
}
