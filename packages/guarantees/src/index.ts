export { bankMessageTypes, decodeBankMessage, encodeBankMessage, isFresh, MESSAGE_WINDOW_MS } from './bank-message.ts';
export type {
  BankMessage,
  BankMessageType,
  GuarantorEvent,
  GuarantorStatement,
  NewBankMessage,
  OrderProgress,
  RevealBody,
  RevealResult,
  VerificationResult,
} from './bank-message.ts';
export { checkUndertaking, expiresAt, isExpired, undertakingFindings } from './check-undertaking.ts';
export type {
  RegisterStatus,
  UndertakingCheck,
  UndertakingExpectation,
  UndertakingFinding,
} from './check-undertaking.ts';
export { guaranteeCommitment, opensCommitment } from './commitment.ts';
export type { CommitmentOpening } from './commitment.ts';
export { expireGuarantee, presentDemand, releaseGuarantee } from './demand.ts';
export {
  applicableRules,
  decodeGuaranteeDocument,
  demandTriggers,
  encodeGuaranteeDocument,
  guaranteeDocumentKinds,
  readGuaranteeDocument,
} from './documents.ts';
export type {
  ApplicableRules,
  Demand,
  DemandTrigger,
  GuaranteeDocumentKind,
  GuaranteeDocuments,
  GuaranteeParty,
  Quote,
  Release,
  Revelation,
  Undertaking,
  UndertakingApplication,
} from './documents.ts';
export { guaranteesErrorCodes } from './error-codes.ts';
export type { GuaranteesErrorCode } from './error-codes.ts';
export {
  guaranteeStates,
  guaranteeSteps,
  guaranteeTransitions,
  isInForce,
  startGuarantee,
  stepGuarantee,
} from './guarantee-state.ts';
export type { GuaranteeProgress, GuaranteeState, GuaranteeStep } from './guarantee-state.ts';
export { undertakingMessages } from './iso20022.ts';
export type { UndertakingMessageName } from './iso20022.ts';
export { premiumOf, qingdaoTariff } from './premium.ts';
export type { PremiumTariff } from './premium.ts';
export { acceptedTemplateIds, fillClauses, guaranteeTemplates, templateIds, templateSha256 } from './template.ts';
export type { GuaranteeTemplate, TemplateId } from './template.ts';
export {
  makeApplication,
  openCertificate,
  openQuote,
  openRequest,
  sealCertificate,
  sealQuote,
  sealRequest,
} from './guarantee-order.ts';
export type {
  GuaranteeRequest,
  GuaranteeSubject,
  IssuedGuarantee,
  NewApplication,
  OrderReference,
  SealedOffer,
} from './guarantee-order.ts';
export { envelopeInfo, envelopeKinds, openEnvelope, sealEnvelope } from './sealed-envelope.ts';
export type { EnvelopeContext, EnvelopeKind, KeyUnwrap, KeyWrap } from './sealed-envelope.ts';
