export const identityErrorCodes = [
  'E_CERTIFICATE_BOUND',
  'E_CERTIFICATE_EXPIRED',
  'E_MANDATE',
  'E_NOTIFICATION_LEAK',
  'E_NOTIFICATION_PARAMS',
  'E_NOT_LOGGED_IN',
  'E_ROLE',
  'E_ROLE_CLASH',
  'E_ROLE_NONE',
  'E_SCOPE',
  'E_SECOND_FACTOR',
  'E_USCC',
] as const;
export type IdentityErrorCode = (typeof identityErrorCodes)[number];
