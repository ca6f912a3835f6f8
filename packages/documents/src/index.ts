export { makeDemoBidFile } from './demo-bid-file.ts';
export type { DemoBidFile } from './demo-bid-file.ts';
export { documentsErrorCodes } from './error-codes.ts';
export type { DocumentsErrorCode } from './error-codes.ts';
export type { DocumentFrame, RenderOptions } from './layout/flow.ts';
export type { SignatureBox } from './layout/signature-boxes.ts';
export { moneyInFigures, moneyInWords } from './money-words.ts';
export { encodeGuaranteeQr, guaranteeQrSigningBytes, parseGuaranteeQr } from './qr-payload.ts';
export type { GuaranteeClaim, GuaranteeQr } from './qr-payload.ts';
export type { Participant, TenderReference } from './records/common.ts';
export { renderEvaluationReport } from './records/evaluation-report.ts';
export type {
  CommitteeMember,
  EvaluationReportContent,
  QualificationItem,
  RankingRow,
  ReportBid,
  ScoredCriterion,
  ScoreSheet,
  Veto,
} from './records/evaluation-content.ts';
export { renderGuaranteeCertificate } from './records/guarantee-certificate.ts';
export type { GuaranteeCertificateContent, Party } from './records/guarantee-certificate.ts';
export { renderAwardNotice } from './records/award-notice.ts';
export type { AwardNoticeContent } from './records/award-notice.ts';
export { renderCreditDecisionLetter } from './records/credit-decision-letter.ts';
export type { CreditDecisionLetterContent } from './records/credit-decision-letter.ts';
export { renderScoreLetter } from './records/score-letter.ts';
export type { ScoreLetterContent } from './records/score-letter.ts';
export { renderTerminationNotice } from './records/termination-notice.ts';
export type { TerminationNoticeContent } from './records/termination-notice.ts';
export { renderOpeningRecord } from './records/opening-record.ts';
export type {
  DecryptionState,
  DepositState,
  Fault,
  OpenedBid,
  OpeningObjection,
  OpeningRecordContent,
} from './records/opening-record.ts';
export { renderReceipt } from './records/receipt.ts';
export type { ReceiptContent } from './records/receipt.ts';
export { renderTenderDocument } from './records/tender-document.ts';
export type { CriterionEntry, TenderDocumentContent, TimetableEntry } from './records/tender-document.ts';
export { completeSignature, prepareSignature } from './sign/prepare.ts';
export type { ByteRange, PreparedSignature, SignaturePlace, SignatureRequest } from './sign/prepare.ts';
export type { SignatureLook } from './sign/appearance.ts';
export { readSignatures } from './sign/read.ts';
export type { ReadSignature } from './sign/read.ts';
export { verifyPdf } from './sign/verify.ts';
export type { CmsToVerify, CmsVerdict, PdfVerdict, SignatureVerdict } from './sign/verify.ts';
