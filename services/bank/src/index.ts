export { parseConfig } from './config.ts';
export type { BankConfig } from './config.ts';
export type { DeliveryFault, DeliveryFaults } from './deliver-events.ts';
export { bankErrorCodes } from './error-codes.ts';
export { startBank } from './start-bank.ts';
export type { BankDeps, RunningBank } from './start-bank.ts';
