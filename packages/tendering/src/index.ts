export { deemedConsequence, faultParties, isLive } from './bid-opening.ts';
export type { BidOpening, BidOpeningIn, BidOwner, DepositDelivery, FaultParty } from './bid-opening.ts';
export {
  answerObjection,
  awardTender,
  publishCandidates,
  raiseObjection,
  recordContract,
  signReport,
} from './award-decisions.ts';
export { checkNotice } from './check-notice.ts';
export { earliestDeadline } from './check-timetable.ts';
export { earliestAfterDays, endOfDays, endOfWorkingDays, latestBeforeDays } from './day-count.ts';
export { defaultTimetable } from './default-timetable.ts';
export { dueEventKinds, dueEvents, nextCheckAt } from './due-events.ts';
export type { DueEvent, DueEventKind } from './due-events.ts';
export { tenderingErrorCodes } from './error-codes.ts';
export type { TenderingErrorCode } from './error-codes.ts';
export { defaultHolders, defaultSets, holderRoles, isInsiderSet } from './holders.ts';
export type { HolderNames, HolderRole, NoticeHolder } from './holders.ts';
export { holidayCalendar, isCalendarPublished, isWorkingDay } from './holidays.ts';
export type { HolidayYear } from './holidays.ts';
export { decodeNotice, encodeNotice, openingModes, procurementCategories, readNoticeJson } from './notice.ts';
export type {
  CoefficientRange,
  CommitteeRule,
  Deadline,
  FileReference,
  LocalText,
  Notice,
  NoticeLot,
  OpeningMode,
  Party,
  ProcurementCategory,
  QualificationItem,
  Timetable,
} from './notice.ts';
export { isBlocking, noticeFindingCodes } from './notice-finding.ts';
export type { NoticeFinding, NoticeFindingCode, Severity } from './notice-finding.ts';
export { startOpening } from './opening.ts';
export type {
  ClosingSet,
  Opening,
  OpeningDecision,
  OpeningEvent,
  OpeningIn,
  OpeningObjection,
  PriceConfirmation,
} from './opening.ts';
export {
  completeHalves,
  distinctOwners,
  fixClosing,
  openRegister,
  releaseHalf,
  revealOwners,
  startWindow,
} from './opening-decisions.ts';
export type { RegisterResult } from './opening-decisions.ts';
export {
  bidStates,
  bidSteps,
  bidTransitions,
  openingStates,
  openingSteps,
  openingTransitions,
} from './opening-state.ts';
export type { BidState, BidStep, OpeningState, OpeningStep } from './opening-state.ts';
export {
  confirmPrice,
  drawCoefficient,
  priceTable,
  recordTechnical,
  showPrices,
  startConfirming,
} from './price-decisions.ts';
export type { ContentResult, PriceRow } from './price-decisions.ts';
export { contentStages, procedureKinds, procedureOf, procedures, regimes, releaseStages } from './procedures.ts';
export type {
  ContentStage,
  PriceOpening,
  Procedure,
  ProcedureRule,
  Regime,
  ReleaseGate,
  ReleaseStage,
} from './procedures.ts';
export {
  drawCommittee,
  lockScores,
  lockTechnical,
  openPrices,
  showLatePrices,
  signOpeningRecord,
  startEvaluation,
  startPriceDecrypting,
} from './progress-decisions.ts';
export { answerAtOpening, objectAtOpening, signRecord } from './record-decisions.ts';
export { dayFactor, rulesVersion, rulesVersions } from './rules.ts';
export { ruleNumberIds, rulesVersionIds } from './rules-version.ts';
export type { RuleNumber, RuleNumberId, RulesVersion, RulesVersionId } from './rules-version.ts';
export { draftTender, terminationGrounds } from './tender.ts';
export type {
  Award,
  Candidate,
  ContractRecord,
  Decision,
  LotCandidates,
  Tender,
  TenderDecision,
  TenderIn,
  TerminationGround,
} from './tender.ts';
export {
  amendTender,
  checkRetender,
  closeTender,
  failFew,
  isInTime,
  publishTender,
  recallTender,
  releaseRegister,
  requiredAcceptances,
  startDecrypting,
  submitTender,
  terminateTender,
} from './tender-decisions.ts';
export type { AcceptanceRef } from './tender-decisions.ts';
export type { TenderEvent } from './tender-events.ts';
export { tenderStates, tenderSteps, tenderTransitions } from './tender-state.ts';
export type { TenderState, TenderStep } from './tender-state.ts';
export { resolveDeadline, wallOf } from './wall-time.ts';
