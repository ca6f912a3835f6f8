import type { RouteDefinition } from '@qej/contract';
import { DomainError } from '@qej/kernel';
import type { Clock } from '@qej/kernel';
import Koa from 'koa';
import type { Middleware } from 'koa';
import helmet from 'koa-helmet';
import type { Authorize } from './mount.ts';
import { mountRoutes } from './mount.ts';
import type { ErrorLog } from './problem.ts';
import { problems } from './problem.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Refuses what a foreign page could make a browser send (Fetch metadata, RFC 6454 origin). */
export const sameSiteOnly =
  (origins: readonly string[]): Middleware =>
  (ctx, next) => {
    if (SAFE.has(ctx.method)) return next();
    const site = ctx.get('sec-fetch-site');
    const origin = ctx.get('origin');
    if (site === 'cross-site' || (origin !== '' && !origins.includes(origin))) throw new DomainError('E_CSRF');
    return next();
  };

export interface AppDeps {
  readonly routes: Readonly<Record<string, RouteDefinition>>;
  readonly handlers: Readonly<Record<string, unknown>>;
  readonly authorize: Authorize;
  readonly clock: Clock;
  readonly log: ErrorLog;
  /** Origins whose pages may send unsafe requests. */
  readonly origins: readonly string[];
  /** Content-Security-Policy of the pages. */
  readonly contentSecurityPolicy: Readonly<Record<string, readonly string[]>>;
  /** Pages, sockets' fallbacks: whatever is not below /api. */
  readonly pages?: Middleware;
}

/** One koa application for a set of routes. */
export function createApp(deps: AppDeps): Koa {
  const app = new Koa({ proxy: false });
  app.use(problems(deps.log));
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: Object.fromEntries(
          Object.entries(deps.contentSecurityPolicy).map(([name, values]) => [name, [...values]]),
        ),
      },
      strictTransportSecurity: false,
      crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
      crossOriginResourcePolicy: { policy: 'same-site' },
      referrerPolicy: { policy: 'no-referrer' },
    }),
  );
  app.use(sameSiteOnly(deps.origins));
  app.use(mountRoutes(deps.routes, deps.handlers, deps));
  app.use(async (ctx, next) => {
    if (ctx.path === '/api' || ctx.path.startsWith('/api/')) {
      if (ctx.status === 404 && ctx.body === undefined) throw new DomainError('E_NOT_FOUND');
      return;
    }
    await (deps.pages === undefined ? next() : deps.pages(ctx, next));
  });
  return app;
}
