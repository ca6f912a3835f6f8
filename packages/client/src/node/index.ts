export { findIntakeOrigin } from './find-intake.ts';
export { openSealFolder } from './seal-folder.ts';
export type { SealFolder } from './seal-folder.ts';
