import type { Clock, Json } from '@qej/kernel';
import type * as rows from './records.ts';

/** Equality on each member; an array means "one of". */
export type Where<R> = { readonly [K in keyof R]?: R[K] | readonly R[K][] };
export interface ListOptions<R> {
  readonly orderBy?: { readonly [K in keyof R]?: 'asc' | 'desc' };
  readonly limit?: number;
  /** Keyset paging: rows strictly after this value of the first ordered member. */
  readonly after?: { readonly member: keyof R; readonly value: string | number };
}

export interface Repository<R extends object> {
  find(where: Where<R>): Promise<R | undefined>;
  /** @throws DomainError `E_NOT_FOUND` */
  get(where: Where<R>): Promise<R>;
  /** Like `get`, and holds the row until the transaction ends (SELECT … FOR UPDATE). */
  lock(where: Where<R>): Promise<R>;
  list(where: Where<R>, options?: ListOptions<R>): Promise<R[]>;
  /** Visible to later reads of the same transaction. */
  insert(row: R): Promise<R>;
  remove(where: Where<R>): Promise<void>;
}

export interface Tables {
  readonly organizations: Repository<rows.OrganizationRecord>;
  readonly users: Repository<rows.UserRecord>;
  readonly memberships: Repository<rows.MembershipRecord>;
  readonly mandates: Repository<rows.MandateRecord>;
  readonly passkeys: Repository<rows.PasskeyRecord>;
  readonly enrolments: Repository<rows.EnrolmentRecord>;
  readonly certificates: Repository<rows.CertificateRecord>;
  readonly sessions: Repository<rows.SessionRecord>;
  readonly challenges: Repository<rows.ChallengeRecord>;
  readonly inbox: Repository<rows.InboxRecord>;
  readonly deliveries: Repository<rows.DeliveryRecord>;
  readonly jobs: Repository<rows.JobRecord>;
  readonly tenders: Repository<rows.TenderRecord>;
  readonly acceptances: Repository<rows.AcceptanceRecord>;
  readonly releases: Repository<rows.ReleaseRecord>;
  readonly documents: Repository<rows.DocumentRecord>;
  readonly preparations: Repository<rows.PreparationRecord>;
  readonly subscriptions: Repository<rows.SubscriptionRecord>;
  readonly tokenGrants: Repository<rows.TokenGrantRecord>;
  readonly spentTokens: Repository<rows.SpentTokenRecord>;
  readonly wallets: Repository<rows.WalletRecord>;
  readonly seals: Repository<rows.SealRecord>;
  readonly acts: Repository<rows.ActRecord>;
  readonly bids: Repository<rows.BidRecord>;
  readonly guaranteeOrders: Repository<rows.GuaranteeOrderRecord>;
  readonly guaranteeEvents: Repository<rows.GuaranteeEventRecord>;
  readonly bankNonces: Repository<rows.BankNonceRecord>;
  readonly revealedGuarantees: Repository<rows.RevealedGuaranteeRecord>;
  readonly experts: Repository<rows.ExpertRecord>;
  readonly seats: Repository<rows.SeatRecord>;
  readonly sheets: Repository<rows.SheetRecord>;
  readonly recordings: Repository<rows.RecordingRecord>;
  readonly logEntries: Repository<rows.LogEntryRecord>;
  readonly logTiles: Repository<rows.LogTileRecord>;
  readonly checkpoints: Repository<rows.CheckpointRecord>;
  readonly settings: Repository<rows.SettingRecord>;
}

/** One database transaction. No network call inside, no nesting. */
export type Transaction = Tables;

export interface Database {
  /** Commits when `work` returns, rolls back when it throws; `label` names the write boundary (fault points, metrics). */
  transaction<T>(label: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Reads only; changes to rows are not saved. */
  read<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

/** Content-addressed files. `put` returns after fsync of file and directory. */
export interface BlobStore {
  put(bytes: Uint8Array): Promise<{ readonly sha256: string; readonly bytes: number }>;
  /** Written as it comes, under its final name only when the iteration ended without a refusal. */
  putChunks(chunks: AsyncIterable<Uint8Array>): Promise<{ readonly sha256: string; readonly bytes: number }>;
  get(sha256: string): Promise<Uint8Array<ArrayBuffer>>;
  has(sha256: string): Promise<boolean>;
}

/** Called at each write boundary; the fault run ends the process here, production does nothing. */
export type FaultPoint = (label: string) => void;

/** A change that live pages want to hear of; sent after the commit, carries no content, only where to look again. */
export interface LiveEvent {
  readonly tenderId: string;
  readonly topic: 'tender' | 'hall' | 'committee' | 'evaluation' | 'log' | 'order' | 'inbox';
  readonly userId?: string;
}
export interface LiveBus {
  publish(event: LiveEvent): void;
  subscribe(listener: (event: LiveEvent) => void): () => void;
}

export interface BasePorts {
  readonly db: Database;
  readonly clock: Clock;
  readonly blobs: BlobStore;
  readonly live: LiveBus;
}

/** Who calls: resolved by the api from the session before a use case runs. */
export interface Caller {
  readonly userId: string;
  readonly name: string;
  readonly sessionId: string;
  readonly organizationId: string;
  readonly role: string;
  readonly factors: readonly string[];
}
/** Nobody logged in. */
export type MaybeCaller = Caller | undefined;

export type JsonObject = { readonly [key: string]: Json };

/** Who signed, as the certificate says; the caller compares it with the account. */
export interface VerifiedSigner {
  /** SHA-256 of the DER certificate, hex. */
  readonly fingerprint: string;
  readonly certificate: Uint8Array<ArrayBuffer>;
  readonly commonName: string;
  readonly organization: string;
  /** 统一社会信用代码 of the organisation in the certificate; empty when it names none. */
  readonly uscc: string;
}

/** The platform's own seal and time stamps, and the judgement on other people's signatures. */
export interface PlatformTrust {
  /** Detached CAdES-BES by the platform seal over the bytes, the purpose as its eContentType. */
  sign(purpose: string, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  /** RFC 3161 token over the bytes. */
  timestamp(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Chain, revocation as of `at`, key usage, CAdES attributes, the eContentType of the purpose, then the signature over the content.
   * @throws DomainError `E_SIGNATURE` or a certificate code.
   */
  verify(input: {
    readonly purpose: string;
    /** Left out where the content is inside the CMS. */
    readonly content?: Uint8Array;
    readonly cms: Uint8Array;
    readonly at: number;
  }): Promise<VerifiedSigner>;
  /** A CMS made for a PDF: over the digest of the byte ranges. */
  verifyPdfCms(input: {
    readonly digest: Uint8Array;
    readonly cms: Uint8Array;
    readonly at: number;
  }): Promise<VerifiedSigner>;
  /** Checks a certificate for encryption to it, or for log-in. */
  checkCertificate(input: {
    readonly certificate: Uint8Array;
    readonly usage: 'sign' | 'encrypt';
    readonly at: number;
  }): Promise<VerifiedSigner & { readonly notAfter: number; readonly publicKey: Uint8Array<ArrayBuffer> }>;
  /** PDF signature of the platform seal (approval or DocMDP P=1). */
  sealPdf(
    pdf: Uint8Array,
    options: {
      readonly fieldName: string;
      readonly reason: string;
      readonly at: number;
      readonly certify?: 1;
    },
  ): Promise<Uint8Array<ArrayBuffer>>;
  readonly publicTrust: {
    readonly roots: readonly Uint8Array[];
    readonly intermediates: readonly Uint8Array[];
    crls(): Promise<readonly Uint8Array[]>;
    readonly tsaCertificates: readonly Uint8Array[];
  };
}
