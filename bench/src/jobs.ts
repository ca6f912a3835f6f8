import type { Job } from './job.ts';
import { apiJob } from './jobs/api.ts';
import { growthJob } from './jobs/growth.ts';
import { logJob } from './jobs/log-job.ts';
import { sealedBidJob } from './jobs/sealed-bid.ts';

/** Jobs that stand. A new one is one line here; take its name off `announced`. */
export const jobs: readonly Job[] = [sealedBidJob, logJob, apiJob, growthJob];

/** Jobs that are planned and say so. */
export const announced = ['submission', 'opening', 'evaluation', 'rooms', 'guarantees', 'verify', 'people'] as const;
