export { makeReferenceBank } from './reference-bank.ts';
export type { ReferenceBankDeps } from './reference-bank.ts';
