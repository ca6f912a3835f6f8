export { parsePublicKey, signatureAlgorithms } from './algorithms.ts';
export type { AlgorithmInfo, HashName, PublicKeyInfo, SignatureAlgorithm } from './algorithms.ts';
export { blindTokens, finalizeTokens, tokenKeyId, verifyToken } from './blind-tokens.ts';
export type { PendingToken } from './blind-tokens.ts';
export { parseCertificate } from './certificate.ts';
export type { Certificate } from './certificate.ts';
export { checkChain, verifyChain } from './chain.ts';
export type { ChainReport, ChainRequest, ChainResult, ChainStep, StepResult } from './chain.ts';
export { parseSignedData } from './cms-parse.ts';
export type { ParsedSignedData } from './cms-parse.ts';
export { signCms } from './cms-sign.ts';
export type { SignCmsRequest } from './cms-sign.ts';
export { verifyCms } from './cms-verify.ts';
export type { VerifiedCms, VerifyCmsRequest } from './cms-verify.ts';
export { pkiErrorCodes } from './codes.ts';
export type { PkiErrorCode } from './codes.ts';
export { parseCrl } from './crl.ts';
export type { Crl, RevokedEntry } from './crl.ts';
export { issueCertificate, issueCrl } from './issue.ts';
export type { CertificateRequest, CrlRequest, IssuerKey } from './issue.ts';
export type { KeyUsage } from './key-usage.ts';
export { loginBytes, signLogin, verifyLogin } from './login.ts';
export type { LoginChallenge, VerifyLoginRequest } from './login.ts';
export type { DistinguishedName, NameInput } from './name.ts';
export { OID, localTsaPolicy, qejArc } from './oids.ts';
export { certificatesFromPem, crlsFromPem, toPem } from './pem.ts';
export { openPkcs12 } from './pkcs12.ts';
export type { DecryptKey, OpenedPkcs12, SigningKey } from './pkcs12.ts';
export { certificateProfiles, getProfile } from './profiles.ts';
export type { CertificateProfile, IssuerName, ProfileName, SubjectRole } from './profiles.ts';
export { getPurpose, purposeBytes, purposeOfContentType, purposes } from './purposes.ts';
export type { Purpose, PurposeInfo } from './purposes.ts';
export { defaultAlgorithm, signPurpose, verifyPurpose, webCryptoSigner } from './signer.ts';
export type { Signer } from './signer.ts';
export {
  buildTimestampRequest,
  grantTimestamp,
  newTimestampNonce,
  parseTimestampRequest,
  parseTimestampResponse,
  rejectTimestamp,
  signTimestampToken,
} from './timestamp.ts';
export type { TimestampRequest, TokenInput } from './timestamp.ts';
export { peekTimestamp, verifyTimestamp } from './timestamp-verify.ts';
export type { TimestampPolicy, VerifiedTimestamp, VerifyTimestampRequest } from './timestamp-verify.ts';
export type { CertificateUsage } from './usage.ts';
export { isSignatureValid } from './verify-signature.ts';
