import { mountRoutes, problemOf } from '@qej/api';
import type { ErrorLog } from '@qej/api';
import { intakeApi } from '@qej/contract';
import { DomainError } from '@qej/kernel';
import type { Clock } from '@qej/kernel';
import type { IntakeHandlers } from '@qej/usecases';
import Koa from 'koa';
import type { Middleware } from 'koa';
import { onGrid } from './answer-grid.ts';
import { crossOrigin } from './cross-origin.ts';

export interface IntakeDeps {
  readonly handlers: IntakeHandlers;
  readonly clock: Clock;
  /** Whose pages may call. */
  readonly appOrigin: string;
  readonly log: ErrorLog;
}

/** RFC 9457. The log gets the kind of the request only: an object id or message hash would tie a time to a bid. */
const problems =
  (log: ErrorLog): Middleware =>
  async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) throw new DomainError('E_NOT_FOUND');
    } catch (error) {
      const problem = problemOf(error);
      const [, api = '', kind = ''] = ctx.path.split('/');
      if (problem.status >= 500)
        log.error({ reference: problem.reference ?? '', method: ctx.method, path: `/${api}/${kind}` }, error);
      ctx.status = problem.status;
      ctx.type = 'application/problem+json';
      ctx.body = JSON.stringify(problem);
    }
  };

/**
 * The blind door: an application for an origin of its own. It reads no cookie, sets none, and logs neither addresses nor ids.
 * Mount its `callback()` on the third listener.
 */
export function createIntakeApp({ handlers, clock, appOrigin, log }: IntakeDeps): Koa {
  const app = new Koa({ proxy: false });
  const nobody = { set: () => undefined, clear: () => undefined, token: undefined };
  const routes = mountRoutes(intakeApi, handlers, {
    clock,
    authorize: async () => ({ now: clock.now(), caller: undefined, session: nobody, origin: appOrigin }),
  });
  app.use(onGrid);
  app.use(crossOrigin(appOrigin));
  app.use(problems(log));
  app.use(routes);
  return app;
}
