import { DomainError } from '@qej/kernel';
import bodyParser from '@koa/bodyparser';
import Router from '@koa/router';
import Koa from 'koa';
import type { Context, Middleware } from 'koa';
import helmet from 'koa-helmet';
import type { Bank } from './bank.ts';
import { mountDeskPages } from './desk-pages.ts';
import { statusOf } from './error-codes.ts';
import { html, page, style } from './html.ts';
import { mountMessageApi } from './message-api.ts';
import { mountPayPages } from './pay-pages.ts';

const wantsPage = (ctx: Context): boolean =>
  (ctx.path.startsWith('/desk') || ctx.path.startsWith('/pay')) && ctx.is('json') !== 'json';

/** A refusal in words for people, as JSON for machines; what is no refusal is a bare 500. */
function refuse(bank: Bank, ctx: Context, error: unknown): void {
  const refusal: DomainError<string> | undefined = error instanceof DomainError ? error : undefined;
  const raw = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
  ctx.status = refusal === undefined ? raw : statusOf(refusal.code);
  if (ctx.status >= 500)
    bank.log(`request failed: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}`);
  const code = refusal?.code ?? (ctx.status < 500 ? 'E_FORMAT' : 'E_INTERNAL');
  if (!wantsPage(ctx)) {
    ctx.body = { code, detail: refusal?.message ?? `HTTP ${ctx.status}` };
    return;
  }
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = page({
    title: '无法办理',
    bank: bank.party.name,
    body: html`<div class="card narrow">
      <h1>无法办理 <span class="en" lang="en">Not possible</span></h1>
      <p class="note wrong" role="alert">${code}：${refusal?.message ?? '内部错误 internal error'}</p>
      <p><a href="/desk">返回柜面 Back to the desk</a></p>
    </div>`,
  });
}

const errors =
  (bank: Bank): Middleware =>
  async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) throw new DomainError('E_NOT_FOUND');
    } catch (error) {
      refuse(bank, ctx, error);
    }
  };

/** API, payment page and desk of one bank. */
export function createBankApp(bank: Bank): Koa {
  const app = new Koa();
  const router = new Router();
  mountMessageApi(router, bank);
  mountPayPages(router, bank);
  mountDeskPages(router, bank);
  router.get('/', (ctx) => ctx.redirect('/desk'));
  router.get('/style.css', (ctx) => {
    ctx.type = 'text/css; charset=utf-8';
    ctx.body = style;
  });
  app.use(errors(bank));
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          styleSrc: ["'self'"],
          formAction: ["'self'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
      strictTransportSecurity: false,
      referrerPolicy: { policy: 'no-referrer' },
    }),
  );
  app.use(bodyParser({ jsonLimit: '1mb', formLimit: '16kb', enableTypes: ['json', 'form'] }));
  app.use(router.routes());
  return app;
}
