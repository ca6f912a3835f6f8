export type { Deposits, DepositShare, ResultPorts } from './ports.ts';
export { makeResultHandlers, resultJobs } from './result-handlers.ts';
