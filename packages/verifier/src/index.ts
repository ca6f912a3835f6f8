export { verifierErrorCodes } from './codes.ts';
export type { VerifierErrorCode } from './codes.ts';
export { archiveLimits, isArchive } from './container.ts';
export type { ArchiveProfile } from './container.ts';
export { readCertificates } from './policy.ts';
export type { VerifyPolicy } from './policy.ts';
export type { Finding, LocalText, StepReport } from './report.ts';
export { archiveSteps, verifyArchive } from './verify-archive.ts';
export type { ArchiveFacts, ArchiveStepId, ArchiveVerdict } from './verify-archive.ts';
