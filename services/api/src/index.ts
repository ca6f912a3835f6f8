export { createApp, sameSiteOnly } from './app.ts';
export type { AppDeps } from './app.ts';
export { findSession, hashToken, hasStake, makeAuthorize, SESSION_COOKIE } from './authorize.ts';
export type { AuthorizeDeps, SessionState } from './authorize.ts';
export { mountRoutes } from './mount.ts';
export type { Authorize } from './mount.ts';
export { problemOf, ValidationError } from './problem.ts';
export type { ErrorLog } from './problem.ts';
export { makePasskeys } from './passkeys.ts';
