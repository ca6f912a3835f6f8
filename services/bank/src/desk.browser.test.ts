import anyTest from 'ava';
import type { TestFn } from 'ava';
import { totpCode } from '@qej/identity';
import { Secret, systemClock } from '@qej/kernel';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { startBank } from './start-bank.ts';
import type { RunningBank } from './start-bank.ts';
import { BankWorld } from './testing/bank-world.ts';
import { certificateOf, order, quoteOf, reached } from './testing/guarantee-acts.ts';

const test = anyTest as TestFn<{ world: BankWorld; bank: RunningBank; browser: Browser }>;
const LOT = '7'.repeat(32);

test.before(async (t) => {
  const world = await BankWorld.open();
  const config = {
    port: 0,
    directory: world.bankDirectory,
    trustDirectory: world.trustDirectory,
    platform: world.origin,
    isAutomatic: false,
    isBoundToStdin: false,
  };
  const bank = await startBank(config, { clock: systemClock, log: () => undefined });
  world.connect(bank.url);
  world.startWorker();
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  t.context = { world, bank, browser };
});
test.after.always(async ({ context }) => {
  await context.browser.close();
  await context.world.stopWorker();
  await context.bank.close();
  await context.world.close();
});

/** Names of the rules that a page breaks. The page has a policy against scripts, so axe runs beside it. */
async function axe(page: Page): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  const found = await page.evaluate(
    `axe.run(document).then((result) => result.violations.map((one) => one.id + ' ' + one.nodes[0].html))`,
  );
  return found as string[];
}

async function logIn(page: Page, bank: RunningBank): Promise<void> {
  await page.goto(`${bank.url}/desk`);
  await page.fill('#username', bank.clerk.username);
  await page.fill('#password', bank.clerk.password);
  await page.fill('#code', totpCode(new Secret(bank.clerk.totpSecret), systemClock.now()));
  await page.keyboard.press('Enter');
  await page.waitForSelector('nav');
}

test.serial(
  'a clerk logs in, reviews, refuses with a reason, approves; the bidder pays on the page; nothing breaks axe',
  async (t) => {
    const { world, bank, browser } = t.context;
    const refused = await world.addBidder('青岛蓝谷智能建造有限公司');
    const approved = await world.addBidder('日照东港建设有限公司');
    const first = await order(refused, { lotId: LOT, amount: '120000.00' });
    await reached(refused, first, 'underwriting');
    const second = await order(approved, { lotId: LOT, amount: '130000.00' });
    await reached(approved, second, 'underwriting');
    const page = await browser.newPage({ bypassCSP: true });
    t.is((await page.goto(`${bank.url}/desk/orders/${first.orderId}`))?.status(), 401);
    t.deepEqual(await axe(page), []);
    await logIn(page, bank);
    t.deepEqual(await axe(page), []);
    // Oldest first.
    t.deepEqual(await page.locator('tbody td:first-child').allTextContents(), [
      '青岛蓝谷智能建造有限公司',
      '日照东港建设有限公司',
    ]);
    await page.locator('tbody a').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('#reason');
    t.deepEqual(await axe(page), []);
    t.regex((await page.textContent('main')) ?? '', /密文保函/);
    await page.fill('#reason', '授信额度不足');
    await page.locator('button.danger').press('Enter');
    await reached(refused, first, 'rejected');
    t.is((await refused.client.getGuaranteeOrder({ params: { orderId: first.orderId } })).reason, '授信额度不足');
    await page.goto(`${bank.url}/desk/orders/${second.orderId}`);
    await page.locator('form[action$="/approve"] button').press('Enter');
    const { paymentUrl, paymentCode } = await quoteOf(approved, second);
    const payer = await browser.newPage({ bypassCSP: true });
    await payer.goto(paymentUrl);
    t.deepEqual(await axe(payer), []);
    await payer.fill('#code', 'WRONGWRONGWRONG2');
    await payer.keyboard.press('Enter');
    await payer.waitForSelector('[role=alert]');
    await payer.fill('#code', paymentCode);
    await payer.keyboard.press('Enter');
    await payer.waitForSelector('input[name=confirm]', { state: 'attached' });
    t.regex((await payer.textContent('main')) ?? '', /130\.00/);
    t.deepEqual(await axe(payer), []);
    await payer.locator('button').press('Enter');
    await payer.waitForSelector('.good');
    const issued = await certificateOf(approved, second);
    await page.goto(`${bank.url}/desk/issued`);
    t.deepEqual(await axe(page), []);
    t.regex((await page.textContent('main')) ?? '', new RegExp(issued.number));
    const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const pdf = await fetch(`${bank.url}/desk/orders/${second.orderId}/certificate.pdf`, {
      headers: { cookie: cookies },
    });
    t.is(pdf.headers.get('content-type'), 'application/pdf');
    t.is((await fetch(`${bank.url}/desk/orders/${second.orderId}/certificate.pdf`)).status, 401);
    const forged = await fetch(`${bank.url}/desk/orders/${second.orderId}/approve`, {
      method: 'POST',
      headers: { cookie: cookies, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'csrf=guess',
      redirect: 'manual',
    });
    t.is(forged.status, 403);
  },
);

test.serial('a code opens the desk once, and guessing is slowed down', async (t) => {
  const { bank } = t.context;
  const logInBy = async (code: string): Promise<number> => {
    const form = new URLSearchParams({ username: bank.clerk.username, password: bank.clerk.password, code });
    return (await fetch(`${bank.url}/desk/log-in`, { method: 'POST', body: form, redirect: 'manual' })).status;
  };
  const used = totpCode(new Secret(bank.clerk.totpSecret), systemClock.now());
  const statuses = [
    await logInBy(used),
    await logInBy(used),
    ...(await Promise.all(['1', '2', '3', '4', '5'].map((d) => logInBy(d.repeat(6))))),
  ];
  t.true(statuses.includes(401));
  t.is(statuses.at(-1), 429);
});
