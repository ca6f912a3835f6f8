export { createIntakeGate } from './intake-gate.ts';
export type { IntakeGate } from './intake-gate.ts';
export { makeIntakeHandlers } from './intake-handlers.ts';
export type { IntakeHandlers } from './intake-handlers.ts';
export type { IntakePorts, ObjectPool, TokenIssuer, TokenPorts } from './ports.ts';
export { makeTokenHandlers, publishTokenKey, TOKENS_PER_WEEK, WALLET_LENGTH } from './token-handlers.ts';
export { SESSION_QUOTA } from './upload-session.ts';
