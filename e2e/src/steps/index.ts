import type { Step } from '../step.ts';
import { bidSteps } from './bid.ts';
import { committeeSteps } from './committee.ts';
import { depositStep, deskStep, verifyStep } from './deposit.ts';
import { endSteps, terminationStep } from './ends.ts';
import { evaluationSteps } from './evaluation.ts';
import { hallSteps, recordStep } from './hall.ts';
import { logInSteps, waitingSteps } from './log-in.ts';
import { noticeSteps, publicNoticeStep } from './notice.ts';
import { resultSteps } from './result.ts';
import { roomSteps } from './room.ts';

/** The whole play, in this order. */
export const steps: readonly Step[] = [
  ...logInSteps,
  deskStep,
  ...noticeSteps,
  depositStep,
  ...bidSteps,
  publicNoticeStep,
  verifyStep,
  ...waitingSteps,
  ...hallSteps,
  terminationStep,
  recordStep,
  ...committeeSteps,
  ...roomSteps,
  ...evaluationSteps,
  ...resultSteps,
  ...endSteps,
];
