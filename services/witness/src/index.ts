export { parseConfig } from './config.ts';
export type { WitnessConfig } from './config.ts';
export { witnessErrorCodes } from './errors.ts';
export type { WitnessErrorCode } from './errors.ts';
export { startWitness, statement } from './start-witness.ts';
export type { RunningWitness } from './start-witness.ts';
