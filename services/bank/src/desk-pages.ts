import { DomainError } from '@qej/kernel';
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Bank } from './bank.ts';
import { orderIdOf } from './order-id.ts';
import type { OrderRow } from './bank-database.ts';
import { findDeskSession, logIn, logOut } from './desk-session.ts';
import type { DeskSession } from './desk-session.ts';
import { issuedList, logInForm, navigation, queue, sheet } from './desk-sheets.ts';
import { page } from './html.ts';
import type { Markup } from './html.ts';
import { approveOrder, refuseOrder, sameSecret } from './underwriting.ts';

const ISSUED = [
  'issuing',
  'issued',
  'revealed',
  'amended',
  'extended',
  'demand-presented',
  'released',
  'expired',
] as const;

function show(bank: Bank, ctx: Context, title: string, body: Markup, nav?: Markup): void {
  ctx.type = 'text/html; charset=utf-8';
  ctx.set('cache-control', 'no-store');
  ctx.body = page({ title, bank: bank.party.name, body, ...(nav === undefined ? {} : { nav }) });
}

const field = (ctx: Context, name: string): string => {
  const body = ctx.request.body as Readonly<Record<string, unknown>> | undefined; // a form, parsed as an object
  const value = body?.[name];
  return typeof value === 'string' ? value.trim() : '';
};

/** Pages for the logged-in clerk; anybody else sees the log-in. */
const forClerk =
  (bank: Bank, handle: (ctx: Context, session: DeskSession) => void | Promise<void>) =>
  async (ctx: Context): Promise<void> => {
    const session = findDeskSession(bank, ctx);
    if (session === undefined) {
      ctx.status = 401;
      return show(bank, ctx, '柜员登录', logInForm(undefined));
    }
    // The cookie is SameSite=Strict; the token in the form is the second lock.
    if (ctx.method === 'POST' && !sameSecret(session.csrf, field(ctx, 'csrf'))) throw new DomainError('E_CSRF');
    await handle(ctx, session);
  };

const rowOf = (bank: Bank, ctx: Context): OrderRow => {
  const row = bank.db.find(orderIdOf(ctx));
  if (row === undefined) throw new DomainError('E_NOT_FOUND');
  return row;
};

function sendPdf(ctx: Context, pdf: Buffer | null): void {
  if (pdf === null) throw new DomainError('E_NOT_FOUND');
  ctx.type = 'application/pdf';
  ctx.set('content-disposition', 'inline');
  ctx.set('cache-control', 'no-store');
  ctx.body = pdf;
}

const MESSAGES = {
  wrong: '用户名、口令或动态口令不正确。 User name, password or code is wrong.',
  slow: '尝试过于频繁，请一分钟后再试。 Too many tries: wait a minute.',
} as const;

function mountLogIn(router: Router, bank: Bank): void {
  router.post('/desk/log-in', (ctx) => {
    const given = { username: field(ctx, 'username'), password: field(ctx, 'password'), code: field(ctx, 'code') };
    const result = logIn(bank, ctx, given);
    if (result === 'in') return ctx.redirect('/desk');
    ctx.status = result === 'slow' ? 429 : 401;
    show(bank, ctx, '柜员登录', logInForm(MESSAGES[result]));
  });
  router.post(
    '/desk/log-out',
    forClerk(bank, (ctx) => {
      logOut(bank, ctx);
      ctx.redirect('/desk');
    }),
  );
}

/** 柜面: queue by age, one application as one sheet, decision with reason, certificates. No script. */
export function mountDeskPages(router: Router, bank: Bank): void {
  mountLogIn(router, bank);
  const get = (path: string, handle: (ctx: Context, session: DeskSession) => void | Promise<void>): void =>
    void router.get(path, forClerk(bank, handle));
  const post = (path: string, handle: (ctx: Context, session: DeskSession) => void | Promise<void>): void =>
    void router.post(path, forClerk(bank, handle));
  get('/desk', (ctx, { csrf }) =>
    show(bank, ctx, '待办申请', queue(bank.db.list(['underwriting']), bank.clock.now()), navigation(csrf, 'queue')),
  );
  get('/desk/issued', (ctx, { csrf }) =>
    show(bank, ctx, '已出保函', issuedList(bank.db.list(ISSUED)), navigation(csrf, 'issued')),
  );
  get('/desk/orders/:orderId', (ctx, { csrf }) =>
    show(bank, ctx, '保函申请', sheet(rowOf(bank, ctx), csrf), navigation(csrf, 'none')),
  );
  get('/desk/orders/:orderId/certificate.pdf', (ctx) => sendPdf(ctx, rowOf(bank, ctx).certificate));
  get('/desk/orders/:orderId/restored.pdf', (ctx) => sendPdf(ctx, rowOf(bank, ctx).restored));
  post('/desk/orders/:orderId/approve', async (ctx) => {
    await approveOrder(bank, rowOf(bank, ctx), bank.keys.clerk.username, bank.clock.now());
    ctx.redirect('/desk');
  });
  post('/desk/orders/:orderId/refuse', (ctx) => {
    const reason = field(ctx, 'reason');
    if (reason.length < 4 || reason.length > 160)
      throw new DomainError('E_FORMAT', { detail: 'a reason of 4 to 160 characters' });
    refuseOrder(bank, rowOf(bank, ctx), bank.keys.clerk.username, reason);
    ctx.redirect('/desk');
  });
}
