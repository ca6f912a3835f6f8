/** Why a holder says no; each refusal goes to its log by this name. */
export const holderErrorCodes = [
  'E_HOLDER_CONFIG',
  'E_HOLDER_CERTIFICATE',
  'E_HOLDER_STORE',
  'E_HOLDER_NOT_NAMED',
  'E_HOLDER_NOTICE_HASH',
  'E_HOLDER_SECOND_NOTICE',
  'E_HOLDER_OTHER_STAGE',
  'E_HOLDER_TOO_LATE',
  'E_HOLDER_NEVER_ACCEPTED',
  'E_HOLDER_TOO_EARLY',
  'E_HOLDER_NO_CLOSING',
  'E_HOLDER_COSIGNED_EARLY',
  'E_HOLDER_GATE',
  'E_HOLDER_LOG_KEY',
] as const;
export type HolderErrorCode = (typeof holderErrorCodes)[number];
