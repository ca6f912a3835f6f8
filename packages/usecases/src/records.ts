/**
 * The rows that use cases read and change. Inside a transaction a row is managed: assigning a property is saved at commit.
 * Instants are UTC milliseconds; JSON members are replaced whole, never changed in place. Ids are 32 hex digits.
 */
export type {
  CertificateRecord,
  ChallengeRecord,
  EnrolmentRecord,
  MandateRecord,
  MembershipRecord,
  OrganizationRecord,
  PasskeyRecord,
  SessionRecord,
  UserRecord,
} from './records/identity.ts';
export type { DeliveryRecord, InboxRecord, JobRecord } from './records/delivery.ts';
export type {
  AcceptanceRecord,
  DocumentRecord,
  PreparationRecord,
  ReleaseRecord,
  SubscriptionRecord,
  TenderRecord,
} from './records/tender.ts';
export type {
  ActRecord,
  BidRecord,
  SealRecord,
  SpentTokenRecord,
  TokenGrantRecord,
  WalletRecord,
} from './records/sealing.ts';
export type {
  BankNonceRecord,
  GuaranteeEventRecord,
  GuaranteeOrderRecord,
  RevealedGuaranteeRecord,
} from './records/guarantee.ts';
export type { ExpertRecord, RecordingRecord, SeatRecord, SheetRecord } from './records/evaluation.ts';
export type { CheckpointRecord, LogEntryRecord, LogTileRecord, SettingRecord } from './records/log.ts';
