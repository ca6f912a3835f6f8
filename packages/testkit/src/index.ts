export { findFreePorts } from './free-ports.ts';
export { ownDatabaseUrl } from './own-database.ts';
export { startTestPlatform } from './platform-process.ts';
export type { TestLogin, TestPlatform, TestPlatformOptions } from './platform-process.ts';
