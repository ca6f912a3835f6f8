export { bindingBytes, makeAccountHandlers } from './account-handlers.ts';
export { findMandate, makeOfficeHandlers, mandateBytes } from './office-handlers.ts';
export type { HolderEntry, OfficePorts } from './office-handlers.ts';
export type { IdentityPorts, Passkeys, PlatformFacts, StoredPasskey } from './ports.ts';
export { makeSessionHandlers } from './session-handlers.ts';
