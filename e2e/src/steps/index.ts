import type { Step } from '../step.ts';
import { bidSteps } from './bid.ts';
import { depositStep, deskStep, verifyStep } from './deposit.ts';
import { logInSteps } from './log-in.ts';
import { noticeSteps } from './notice.ts';

/** The whole play, in this order. */
export const steps: readonly Step[] = [...logInSteps, deskStep, ...noticeSteps, depositStep, ...bidSteps, verifyStep];
