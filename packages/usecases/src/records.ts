/**
 * The rows that use cases read and change. Inside a transaction a row is managed: assigning a property is saved at commit.
 * Instants are UTC milliseconds; JSON members are replaced whole, never changed in place. Ids are 32 hex digits.
 */
import type { Json } from '@qej/kernel';

export interface OrganizationRecord {
  id: string;
  name: string;
  uscc: string;
  roles: string[];
  address: string;
  createdAt: number;
}
export interface UserRecord {
  id: string;
  name: string;
  email: string;
  phone: string;
  totpSecret: string | null;
  createdAt: number;
}
export interface MembershipRecord {
  id: string;
  userId: string;
  organizationId: string;
  roles: string[];
  createdAt: number;
}
export interface MandateRecord {
  id: string;
  tendereeOrganizationId: string;
  agencyOrganizationId: string;
  tenderId: string | null;
  validFrom: number;
  validTo: number;
  cms: string | null;
  createdAt: number;
}
export interface PasskeyRecord {
  id: string;
  userId: string;
  credentialId: string;
  publicKey: string;
  counter: number;
  transports: string[];
  createdAt: number;
}
export interface EnrolmentRecord {
  id: string;
  tokenHash: string;
  userId: string;
  expiresAt: number;
  usedAt: number | null;
}
export interface CertificateRecord {
  id: string;
  userId: string;
  organizationId: string;
  fingerprint: string;
  usage: string;
  subject: string;
  der: string;
  notAfter: number;
  createdAt: number;
}
export interface SessionRecord {
  id: string;
  tokenHash: string;
  userId: string;
  organizationId: string | null;
  role: string | null;
  factors: string[];
  createdAt: number;
  expiresAt: number;
  endedAt: number | null;
}
export interface ChallengeRecord {
  id: string;
  kind: string;
  challenge: string;
  userId: string | null;
  expiresAt: number;
  usedAt: number | null;
}
export interface InboxRecord {
  id: string;
  userId: string;
  event: string;
  tenderId: string | null;
  subject: Json;
  text: Json;
  at: number;
  readAt: number | null;
}
/** A message on its way out; `dedupe` is unique, so an event is told once. */
export interface DeliveryRecord {
  id: string;
  dedupe: string;
  channel: string;
  recipient: string;
  subject: string;
  text: string;
  state: string;
  attempts: number;
  nextAttemptAt: number;
  createdAt: number;
}
/** Work to do after the commit, at least once: `kind` names the handler of the worker. */
export interface JobRecord {
  id: string;
  kind: string;
  dedupe: string;
  payload: Json;
  state: string;
  attempts: number;
  runAt: number;
  lastError: string | null;
  createdAt: number;
}

export interface TenderRecord {
  id: string;
  code: string;
  state: string;
  version: number;
  agencyOrganizationId: string;
  tendereeOrganizationId: string;
  createdBy: string;
  /** What the agency wrote (contract: zTenderDraft). */
  draft: Json;
  /** Canonical notice bytes as text, frozen; null while a draft. */
  notice: string | null;
  noticeHash: string | null;
  lotId: string;
  deadline: number;
  publishedAt: number | null;
  /** Earliest due event; null when nothing is due. */
  nextCheckAt: number | null;
  retenderOf: string | null;
  /** Facts of the procedure that were recorded as it went on: closing, opening, committee, result (each module owns a member). */
  course: Record<string, Json>;
  createdAt: number;
  updatedAt: number;
}
export interface AcceptanceRecord {
  id: string;
  tenderId: string;
  lotId: string;
  stage: string;
  holderId: string;
  publicKey: string;
  acceptance: string;
  cms: string;
  proof: string;
  acceptedAt: number;
}
export interface ReleaseRecord {
  id: string;
  tenderId: string;
  lotId: string;
  stage: string;
  holderId: string;
  scalar: string;
  release: string;
  cms: string;
  releasedAt: number;
}
export interface DocumentRecord {
  id: string;
  tenderId: string | null;
  organizationId: string | null;
  kind: string;
  name: string;
  mediaType: string;
  sha256: string;
  bytes: number;
  audience: string;
  signatures: Json;
  requiredSigners: Json;
  createdAt: number;
}
export interface PreparationRecord {
  id: string;
  documentId: string;
  userId: string;
  preparedSha256: string;
  byteRange: Json;
  digest: string;
  fieldName: string;
  expiresAt: number;
  usedAt: number | null;
}
export interface SubscriptionRecord {
  id: string;
  tenderId: string;
  userId: string;
  createdAt: number;
}

export interface TokenGrantRecord {
  id: string;
  userId: string;
  week: string;
  issued: number;
}
export interface SpentTokenRecord {
  id: string;
  tokenHash: string;
  sessionHash: string;
  quota: number;
  used: number;
  expiresAt: number;
}
export interface WalletRecord {
  id: string;
  userId: string;
  blob: string;
  updatedAt: number;
}
/** Nothing here names a bidder: only the register opening does. */
export interface SealRecord {
  id: string;
  lotId: string;
  opaqueId: string;
  messageHash: string;
  registerHash: string;
  message: string;
  receivedAt: number;
  receiptCms: string;
  timestampToken: string;
  superseded: boolean;
  withdrawn: boolean;
}
/** An act waiting for, or placed in, a tick. */
export interface ActRecord {
  id: string;
  actHash: string;
  salt: string;
  tickSeq: number | null;
  slot: number | null;
}
export interface BidRecord {
  id: string;
  tenderId: string;
  lotId: string;
  messageHash: string;
  organizationId: string;
  state: string;
  register: Json;
  deposit: Json;
  fault: Json;
  halves: Json;
  opened: Json;
  confirmation: Json;
  order: number;
}

/** An order as the relay sees it: who asks whom, sealed both ways. `id` is the applicant's random order id. */
export interface GuaranteeOrderRecord {
  id: string;
  organizationId: string;
  userId: string;
  guarantorId: string;
  state: string;
  envelopeSha256: string;
  envelope: string;
  eventSeq: number;
  quoteEnvelope: string | null;
  certificateEnvelope: string | null;
  reason: string | null;
  submittedAt: number;
  updatedAt: number;
}
/** A guarantor's event as it was signed; kept ahead of its turn, and afterwards as evidence. */
export interface GuaranteeEventRecord {
  id: string;
  orderId: string;
  eventSeq: number;
  contentSha256: string;
  message: string;
  signature: string;
  receivedAt: number;
}
/** A nonce of a guarantor's message, for as long as the message could be replayed. */
export interface BankNonceRecord {
  id: string;
  expiresAt: number;
}
/** Known only after the opening: which guarantee covers which bid. */
export interface RevealedGuaranteeRecord {
  id: string;
  orderId: string;
  tenderId: string;
  bidId: string;
  organizationId: string;
  number: string;
  undertaking: Json;
  certificateDocumentId: string | null;
  state: string;
  updatedAt: number;
}

export interface ExpertRecord {
  id: string;
  userId: string;
  kind: string;
  specialty: string;
  region: string;
  employer: string;
  employerUscc: string;
  suspended: boolean;
  recentCommittees: number;
  salt: string;
}
export interface SeatRecord {
  id: string;
  tenderId: string;
  seat: number;
  poolIndex: number;
  expertId: string;
  kind: string;
  state: string;
  isChair: boolean;
  chairVote: number | null;
  declaration: Json;
  sheetCms: string | null;
  submittedAt: number | null;
  updatedAt: number;
}
export interface SheetRecord {
  id: string;
  tenderId: string;
  seat: number;
  bidId: string;
  marks: Json;
  passFail: Json;
  savedAt: number;
}
export interface RecordingRecord {
  id: string;
  tenderId: string;
  participant: string;
  source: string;
  startedAt: number;
  endedAt: number;
  bytes: number;
  sha256: string;
  file: string;
  logSeq: number | null;
}

/** A leaf: `seq` is null until the log's sequencer has integrated it, in the order of `ordinal`. */
export interface LogEntryRecord {
  ordinal?: number;
  seq: number | null;
  type: string;
  at: number;
  tenderId: string | null;
  commitment: string;
  salt: string;
  body: string | null;
  dedupe: string | null;
}
export interface LogTileRecord {
  path: string;
  data: string;
}
export interface CheckpointRecord {
  size: number;
  note: string;
  at: number;
  cosigned: boolean;
}
/** Anything small a module must remember across restarts: sequencer state, tick sequence. */
export interface SettingRecord {
  id: string;
  value: Json;
}
