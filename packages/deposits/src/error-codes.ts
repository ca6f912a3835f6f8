export const depositsErrorCodes = [
  'E_CREDIT_REPLAY',
  'E_CREDIT_SUBJECT',
  'E_FORMAT',
  'E_LEDGER_CONFLICT',
  'E_LEDGER_MOVE',
  'E_LEDGER_SHORT',
  'E_LEDGER_UNBALANCED',
  'E_REASON_MISSING',
  'E_STATE',
  'E_WINDOW_OPEN',
] as const;
export type DepositsErrorCode = (typeof depositsErrorCodes)[number];
