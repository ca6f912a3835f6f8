/** Refusals at start; the protocol's own answers are HTTP statuses (c2sp.org/tlog-witness). */
export const witnessErrorCodes = [
  'E_WITNESS_BUSY',
  'E_WITNESS_CONFIG',
  'E_WITNESS_KEY_LOST',
  'E_WITNESS_STATE_LOST',
] as const;

export type WitnessErrorCode = (typeof witnessErrorCodes)[number];
