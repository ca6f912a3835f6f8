import type { Step } from '../step.ts';
import { logInSteps } from './log-in.ts';

/** The whole play, in this order. */
export const steps: readonly Step[] = [...logInSteps];
