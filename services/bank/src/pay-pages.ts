import { DomainError } from '@qej/kernel';
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Bank } from './bank.ts';
import { orderIdOf } from './order-id.ts';
import { both, html, page } from './html.ts';
import type { Markup } from './html.ts';
import type { OrderRow } from './bank-database.ts';
import { orderForPayment, payPremium } from './underwriting.ts';

const show = (bank: Bank, ctx: Context, title: string, body: Markup, status = 200): void => {
  ctx.status = status;
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = page({ title, bank: bank.party.name, body });
};

const field = (ctx: Context, name: string): string => {
  const body = ctx.request.body as Readonly<Record<string, unknown>> | undefined; // a form, parsed as an object
  const value = body?.[name];
  return typeof value === 'string' ? value.trim() : '';
};

const askForCode = (orderId: string, wrong: boolean): Markup =>
  html` <div class="card narrow">
    <h1>${both('支付保费（沙箱）', 'Pay the premium (sandbox)')}</h1>
    ${wrong ? html`<p class="note wrong" role="alert">付款码不正确。请从平台的报价中复制。 The code is wrong. Copy it from the offer on the platform.</p>` : undefined}
    <p class="note">沙箱支付，不发生真实资金往来。 Sandbox: no money moves.</p>
    <form method="post" action="/pay/${orderId}">
      <label for="code">${both('付款码', 'Payment code')}</label>
      <input
        id="code"
        name="code"
        required
        autocomplete="off"
        spellcheck="false"
        maxlength="32"
        aria-describedby="hint"
      />
      <p id="hint" class="en">16 位，见报价信封 16 characters, in the sealed offer</p>
      <button type="submit">${'查看报价 Show the offer'}</button>
    </form>
  </div>`;

const isPayable = (row: OrderRow): boolean => row.state === 'quoted' || row.state === 'premium-pending';

const offer = (row: OrderRow, code: string): Markup =>
  html` <div class="card narrow">
    <h1>${both('支付保费（沙箱）', 'Pay the premium (sandbox)')}</h1>
    <dl>
      <dt>${both('申请人', 'Applicant')}</dt>
      <dd>${row.applicant}</dd>
      <dt>${both('担保金额', 'Amount')}</dt>
      <dd>¥ ${row.amount}</dd>
      <dt>${both('应付保费', 'Premium')}</dt>
      <dd><strong>¥ ${row.premium ?? ''}</strong></dd>
    </dl>
    ${
      isPayable(row)
        ? html`<form method="post" action="/pay/${row.id}">
            <input type="hidden" name="code" value="${code}" />
            <input type="hidden" name="confirm" value="yes" />
            <button type="submit">${'确认支付 Pay'}</button>
          </form>`
        : html`<p class="note good" role="status">
            保费已付或订单已结束，无需再付。 Paid already, or the order has ended: nothing more to pay.
          </p>`
    }
  </div>`;

const paid = (): Markup =>
  html` <div class="card narrow">
    <h1>${both('保费已付', 'Premium paid')}</h1>
    <p class="note good" role="status">
      我行正在出函，通常几秒钟。保函将密封送达平台，您可以关闭本页。 The guarantee is being issued, usually within
      seconds. It reaches you sealed on the platform; you may close this page.
    </p>
  </div>`;

function answer(bank: Bank, ctx: Context): void {
  const orderId = orderIdOf(ctx);
  const code = field(ctx, 'code').toUpperCase();
  // A program says what it wants by sending JSON: it pays at once, and a refusal is JSON too.
  if (ctx.is('json') === 'json') {
    ctx.body = { paid: true, premium: payPremium(bank, orderId, code).premium, sandbox: true };
    return;
  }
  try {
    if (field(ctx, 'confirm') === 'yes') {
      payPremium(bank, orderId, code);
      show(bank, ctx, '保费已付', paid());
    } else show(bank, ctx, '支付保费', offer(orderForPayment(bank, orderId, code), code));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === 'E_NOT_FOUND') show(bank, ctx, '支付保费', askForCode(orderId, true), 422);
    else show(bank, ctx, '支付保费', offer(orderForPayment(bank, orderId, code), code), 409);
  }
}

/** 沙箱支付页. The code opens the offer and is never part of an address. */
export function mountPayPages(router: Router, bank: Bank): void {
  router.get('/pay/:orderId', (ctx) => {
    const orderId = orderIdOf(ctx);
    if (!/^[0-9a-f]{32}$/.test(orderId)) throw new DomainError('E_NOT_FOUND');
    show(bank, ctx, '支付保费', askForCode(orderId, false));
  });
  router.post('/pay/:orderId', (ctx) => answer(bank, ctx));
}
