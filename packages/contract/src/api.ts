import { depositRoutes } from './routes/deposit.ts';
import { evaluationRoutes } from './routes/evaluation.ts';
import { identityRoutes } from './routes/identity.ts';
import { intakeRoutes } from './routes/intake.ts';
import { logRoutes } from './routes/log.ts';
import { openingRoutes } from './routes/opening.ts';
import { tenderRoutes } from './routes/tender.ts';

/** Everything the platform's own origin serves below `/api`. */
export const api = {
  ...identityRoutes,
  ...tenderRoutes,
  ...depositRoutes,
  ...openingRoutes,
  ...evaluationRoutes,
  ...logRoutes,
} as const;
export type PlatformApi = typeof api;
/** What the intake serves below `/api` on its own origin. */
export const intakeApi = intakeRoutes;
