export { createIntakeApp } from './create-intake-app.ts';
export type { IntakeDeps } from './create-intake-app.ts';
