export { intakeClient, platformClient, retryingClient } from './http/api-clients.ts';
export type { IntakeClient, PlatformClient } from './http/api-clients.ts';
export { doOnce } from './http/once.ts';
export type { OnceOptions } from './http/once.ts';
export { defaultRetry, isTransient, pause, STEP_PATIENCE_MS, waitFor, withRetry } from './http/retry.ts';
export type { RetryPolicy } from './http/retry.ts';
export { openSession } from './http/session-client.ts';
export type { SessionClient, SessionOptions } from './http/session-client.ts';
export { identityFromPkcs12 } from './identity.ts';
export type { Identity } from './identity.ts';
export { proveEntry, readTenderEntries, sha256Hex } from './log/tender-log.ts';
export type { TenderEntry } from './log/tender-log.ts';
export { readLotKeys, readNotice, readPublishedRoots } from './lot-keys.ts';
export type { LotKeys, SealingKeys, TrustRoots } from './lot-keys.ts';
export { signDetached, signPdfDigest } from './sign.ts';
export { decideOwnCredit, depositDeclaration } from './bidder/credit.ts';
export type { OwnCreditDecision } from './bidder/credit.ts';
export {
  awaitCertificate,
  awaitQuote,
  findGuarantors,
  guaranteeValidTo,
  payQuote,
  sendApplication,
  startGuarantee,
} from './bidder/guarantee.ts';
export type {
  Applicant,
  GuaranteeOrder,
  GuaranteeQuote,
  Guarantor,
  PendingGuarantee,
  SignBytes,
  WantedGuarantee,
} from './bidder/guarantee.ts';
export { halvesOf, releaseOwnHalves } from './bidder/opening-acts.ts';
export type { Hall, HallBid, StageHalves } from './bidder/opening-acts.ts';
export { awaitIncludedReceipt, checkReceipt, readPublishedPolicy } from './bidder/receipt.ts';
export type { ReceiptChecks } from './bidder/receipt.ts';
export { newSealAttempt, sealBid } from './bidder/seal-bid.ts';
export type {
  BidToSeal,
  FinishedSeal,
  SealAttempt,
  SealDeps,
  SealKeeper,
  SealStep,
  SentSeal,
} from './bidder/seal-bid.ts';
export { openUploadPass } from './bidder/upload-pass.ts';
export type { UploadPass } from './bidder/upload-pass.ts';
export {
  attachFile,
  awaitAcceptances,
  awaitHall,
  closeWindow,
  draftTender,
  drawCommittee,
  finishOpening,
  freezeNotice,
  issueTenderDocument,
  makeOpeningRecord,
  publishCandidates,
  publishTender,
  startDecryption,
  terminateTender,
} from './actors/agency.ts';
export type { TenderDraft } from './actors/agency.ts';
export {
  applicantOf,
  bidderDecrypter,
  confirmationBytes,
  confirmOwnPrices,
  partyOf,
  signBytesWith,
} from './actors/bidder.ts';
export { awaitTender, hasReached, readTender } from './actors/course.ts';
export type { TenderView } from './actors/course.ts';
export {
  answerCall,
  declarationBytes,
  declareFree,
  finishEvaluation,
  lockScores,
  makeReport,
  openCalls,
  saveSheet,
  signIn,
  startEvaluation,
  submitSheets,
  voteChair,
} from './actors/expert.ts';
export type { CommitteeView, Seat, Sheet, Workbench } from './actors/expert.ts';
export { signDocument, signWhatWaits } from './actors/sign-document.ts';
export { awardTender, grantMandate, makeAwardNotice, mandateBytes, recordContract } from './actors/tenderee.ts';
export { attachManifest } from './bidder/manifest-cms.ts';
export { emptyWallet, mergeWallets, parseWallet, sealWallet, walletInfo } from './bidder/wallet.ts';
export type { Wallet, WalletOrder, WalletSeal } from './bidder/wallet.ts';
export { withdrawBid } from './bidder/withdraw-bid.ts';
export type { SealToWithdraw } from './bidder/withdraw-bid.ts';
export { fetchArchive } from './actors/archive.ts';
export type { ArchiveProfile } from './actors/archive.ts';
