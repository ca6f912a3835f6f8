import type { PlatformFacts } from '@qej/usecases';
import Koa from 'koa';
import type { Middleware } from 'koa';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import helmet from 'koa-helmet';
import { staticPages } from './static-pages.ts';

const dist = fileURLToPath(new URL('../../../web/dist', import.meta.url));

/** Pages of the app: own scripts only; sockets and the intake are named, nothing else is reached. */
export const appPolicy = ({ origin, intakeOrigin }: PlatformFacts): Readonly<Record<string, readonly string[]>> => ({
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
  // Element Plus places its popups by inline style attributes.
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  fontSrc: ["'self'", 'data:'],
  mediaSrc: ["'self'", 'blob:'],
  workerSrc: ["'self'", 'blob:'],
  connectSrc: ["'self'", origin.replace(/^http/, 'ws'), intakeOrigin],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
});

/** The keyring page: no network at all after its own files, no inline anything (SEALING.md, keys in the browser). */
const keyringPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'none'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ['vue', 'default'],
};

const origins = ({ origin, keyringOrigin, intakeOrigin }: PlatformFacts) => ({
  __APP_ORIGIN__: origin,
  __KEYRING_ORIGIN__: keyringOrigin,
  __INTAKE_ORIGIN__: intakeOrigin,
});

const notBuilt: Middleware = (ctx) => {
  ctx.type = 'text/plain; charset=utf-8';
  ctx.body = '网页尚未构建，请用 ./qej up 启动。The pages are not built: start with ./qej up.';
};

export const appPages = async (facts: PlatformFacts): Promise<Middleware> =>
  existsSync(dist)
    ? staticPages(dist, { index: '/index.html', hidden: '/keyring.html', replace: origins(facts) })
    : notBuilt;

/** An application of its own on its own origin. */
export async function keyringPages(facts: PlatformFacts): Promise<Koa> {
  const app = new Koa();
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: keyringPolicy },
      strictTransportSecurity: false,
      crossOriginOpenerPolicy: false,
      referrerPolicy: { policy: 'no-referrer' },
    }),
  );
  app.use(
    existsSync(dist)
      ? await staticPages(dist, { index: '/keyring.html', hidden: '/index.html', replace: origins(facts) })
      : notBuilt,
  );
  return app;
}
