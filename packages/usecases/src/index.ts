export type { AuthenticatedContext, Handler, Handlers, RequestContext } from './handlers.ts';
export { enqueueJob } from './jobs/enqueue-job.ts';
export type { NewJob } from './jobs/enqueue-job.ts';
export { addAct, appendEntry, logPeriodic, makeLogHandlers, openEvidenceLog, viewEntry } from './log/index.ts';
export type { EntryView, EvidenceLog, EvidenceLogPorts, LogPorts, NewEntry, Ticker, Witness } from './log/index.ts';
export type {
  BasePorts,
  BlobStore,
  Caller,
  Database,
  FaultPoint,
  JsonObject,
  ListOptions,
  LiveBus,
  LiveEvent,
  MaybeCaller,
  PlatformTrust,
  Repository,
  Tables,
  Transaction,
  VerifiedSigner,
  Where,
} from './ports.ts';
export type {
  AcceptanceRecord,
  ActRecord,
  BankNonceRecord,
  BidRecord,
  CertificateRecord,
  ChallengeRecord,
  CheckpointRecord,
  DeliveryRecord,
  DocumentRecord,
  EnrolmentRecord,
  ExpertRecord,
  GuaranteeEventRecord,
  GuaranteeOrderRecord,
  InboxRecord,
  JobRecord,
  LogEntryRecord,
  LogTileRecord,
  MandateRecord,
  MembershipRecord,
  OrganizationRecord,
  PasskeyRecord,
  PreparationRecord,
  RecordingRecord,
  ReleaseRecord,
  RevealedGuaranteeRecord,
  SealRecord,
  SeatRecord,
  SessionRecord,
  SettingRecord,
  SheetRecord,
  SpentTokenRecord,
  SubscriptionRecord,
  TenderRecord,
  TokenGrantRecord,
  UserRecord,
  WalletRecord,
} from './records.ts';
export {
  bindingBytes,
  findMandate,
  makeAccountHandlers,
  makeOfficeHandlers,
  makeSessionHandlers,
  mandateBytes,
} from './identity/index.ts';
export type {
  HolderEntry,
  IdentityPorts,
  OfficePorts,
  Passkeys,
  PlatformFacts,
  StoredPasskey,
} from './identity/index.ts';
export { notifierPeriodic } from './notifier/deliver.ts';
export type { DeliverPorts, DeliveryChannel } from './notifier/deliver.ts';
export { notify } from './notifier/notify.ts';
export type { NewNotification } from './notifier/notify.ts';
export { isFullySigned, putDocument, signaturesOf, signersOf, storeDocument } from './documents/create-document.ts';
export type { Audience, DocumentSignature, NewDocument, RequiredSigner } from './documents/create-document.ts';
export { makeDocumentHandlers } from './documents/document-handlers.ts';
export type { DocumentPorts } from './documents/document-handlers.ts';
export {
  editionHashOf,
  makeDraftHandlers,
  makeHolderHandlers,
  makePublishHandlers,
  makeTenderQueryHandlers,
  noticeOf,
  tenderOf,
  viewTender,
} from './tender/index.ts';
export type { TenderPorts } from './tender/index.ts';
export {
  createIntakeGate,
  makeIntakeHandlers,
  makeTokenHandlers,
  publishTokenKey,
  SESSION_QUOTA,
  TOKENS_PER_WEEK,
  WALLET_LENGTH,
} from './intake/index.ts';
export type { IntakeGate, IntakeHandlers, IntakePorts, ObjectPool, TokenIssuer, TokenPorts } from './intake/index.ts';
export {
  appendPool,
  declarationBytes,
  disclosureOf,
  evaluateInputs,
  evaluationJobs,
  makeEvaluationHandlers,
  makeRoomHooks,
  poolRootOf,
  readPool,
  roomAdmission,
} from './evaluation/index.ts';
export type {
  DisclosurePolicy,
  DrawSeeds,
  EvaluationInputs,
  EvaluationPorts,
  OpenedBid,
  OpenedBids,
  OpenedFile,
  Rooms,
  ViewTender,
} from './evaluation/index.ts';
export { makeResultHandlers, resultJobs } from './result/index.ts';
export type { Deposits, DepositShare, ResultPorts } from './result/index.ts';
export {
  confirmationBytes,
  drawSeed,
  factsOf,
  makeOpeningDriver,
  makeOpeningHandlers,
  openedBidsOf,
  openingJobs,
  openingOf,
  openingPeriodic,
  releaseGate,
} from './opening/index.ts';
export type {
  DepositClaim,
  DepositReview,
  DepositVerdict,
  OpenedBidFacts,
  OpenedBidFile,
  OpeningDriver,
  OpeningFacts,
  OpeningPorts,
} from './opening/index.ts';
export { archivedStates, makeArchiveHandlers, sealArchive } from './archive/index.ts';
export type { ArchiveHead, ArchiveMember, ArchivePorts, ArchiveProfile } from './archive/index.ts';
export { makeDepositStation, readBidDeposit } from './deposits/index.ts';
export type {
  BidDeposit,
  BidGuarantee,
  CreditFacts,
  CreditSource,
  DeclarationFinding,
  DepositPorts,
  DepositStation,
  Guarantor,
  KeptDeposit,
  RevealedPapers,
  SignedMessage,
  VerifiedStatement,
} from './deposits/index.ts';
