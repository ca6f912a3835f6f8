import type { CryptoProvider } from '@qej/sealed-bid';
import type { Database, PlatformTrust } from '../ports.ts';
import type { EvidenceLog } from '../log/index.ts';
import type { IntakeGate } from './intake-gate.ts';

/** Files under ids that their writers chose. `put` returns after fsync of file and directory. */
export interface ObjectPool {
  /** @throws DomainError `E_OBJECT_CONFLICT` (other bytes under the id), `E_STORAGE_FULL` */
  put(id: string, bytes: Uint8Array): Promise<'stored' | 'known'>;
  get(id: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  remove(id: string): Promise<void>;
}

/** The door's own needs: no accounts, no sessions of people, no live pages. */
export interface IntakePorts {
  readonly db: Database;
  readonly trust: Pick<PlatformTrust, 'sign' | 'timestamp'>;
  readonly log: Pick<EvidenceLog, 'ticker' | 'latest' | 'reader'>;
  readonly provider: CryptoProvider;
  /** Objects of exactly 1 MiB. */
  readonly objects: ObjectPool;
  /** Register envelopes of 16 KiB, one a slot. */
  readonly registers: ObjectPool;
  readonly gate: IntakeGate;
  /** SubjectPublicKeyInfo of the token issuer. */
  readonly tokenKey: Uint8Array;
  /** What the platform says of its time-stamp authority; false where it runs it itself. */
  readonly tsaIndependent: boolean;
}

/** RFC 9474 BlindSign. */
export interface TokenIssuer {
  readonly publicKey: Uint8Array;
  /** @throws DomainError `E_TOKEN_BLIND` */
  sign(blindedMessage: Uint8Array): Uint8Array;
}

/** Account side: issues tokens and keeps wallets; learns nothing of uploads. */
export interface TokenPorts {
  readonly db: Database;
  readonly issuer: TokenIssuer;
}
