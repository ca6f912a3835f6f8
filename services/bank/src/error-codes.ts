/** Refusals of the bank's interface with their HTTP status; whatever else is a domain's refusal is 422. */
export const bankStatus = {
  E_FORMAT: 400,
  E_CSRF: 403,
  E_NOT_FOUND: 404,
  E_STATE: 409,
  E_IDEMPOTENCY: 409,
  E_REPLAY: 409,
  E_STALE: 409,
  E_SIGNATURE: 422,
  E_APPLICATION: 422,
  E_COMMITMENT: 422,
  E_ENVELOPE: 422,
  E_NOT_BENEFICIARY: 422,
} as const;
export type BankErrorCode = keyof typeof bankStatus;
export const bankErrorCodes = Object.keys(bankStatus) as readonly BankErrorCode[]; // the keys of the literal above
export const statusOf = (code: string): number => (bankStatus as Readonly<Record<string, number>>)[code] ?? 422;
