export { appendEntry } from './append-entry.ts';
export type { NewEntry } from './append-entry.ts';
export { logPeriodic, openEvidenceLog } from './evidence-log.ts';
export type { EvidenceLog, EvidenceLogPorts, Witness } from './evidence-log.ts';
export { makeLogHandlers, viewEntry } from './log-handlers.ts';
export type { EntryView, LogPorts } from './log-handlers.ts';
export { addAct } from './ticker.ts';
export type { Ticker } from './ticker.ts';
