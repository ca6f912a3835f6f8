/** Every refusal of this package. */
export const trustErrorCodes = [
  'E_CA_STATE',
  'E_CA_KEY',
  'E_CA_SUBJECT',
  'E_CA_UNKNOWN_CERTIFICATE',
  'E_TOKEN_BLIND',
] as const;

export type TrustErrorCode = (typeof trustErrorCodes)[number];
