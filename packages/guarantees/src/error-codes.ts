export const guaranteesErrorCodes = [
  'E_COMMITMENT_KEY',
  'E_DEMAND_AMOUNT',
  'E_DEMAND_LATE',
  'E_DEMAND_OTHER',
  'E_ENVELOPE',
  'E_ENVELOPE_SIZE',
  'E_FORMAT',
  'E_NOT_BENEFICIARY',
  'E_NOT_EXPIRED',
  'E_STATE',
  'E_TEMPLATE',
] as const;
export type GuaranteesErrorCode = (typeof guaranteesErrorCodes)[number];
