import type { Middleware } from 'koa';

/** The app's page may call, without credentials: there is nothing here that a cookie could name. */
export const crossOrigin =
  (appOrigin: string): Middleware =>
  async (ctx, next) => {
    ctx.set({
      'access-control-allow-origin': appOrigin,
      vary: 'Origin',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'cross-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    });
    if (ctx.method !== 'OPTIONS') {
      await next();
      return;
    }
    ctx.set({
      'access-control-allow-methods': 'GET, PUT, POST',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '600',
    });
    ctx.status = 204;
  };
