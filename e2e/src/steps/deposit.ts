import { totpCode } from '@qej/identity';
import { Secret, systemClock } from '@qej/kernel';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { bids } from '../facts.ts';
import type { BidFacts } from '../facts.ts';
import { ACT_MS } from '../person.ts';
import type { Person } from '../person.ts';
import type { Step } from '../step.ts';
import type { World } from '../world.ts';

interface ClerkLogin {
  readonly username: string;
  readonly password: string;
  readonly totpSecret: string;
}

/** The clerk comes by the platform (second factor) and logs in at the bank's own desk. */
async function openDesk(world: World): Promise<void> {
  const clerk = await world.person('bank-clerk');
  await clerk.logIn('/bank');
  const link = await clerk.see('bank-desk');
  await clerk.look('bank-orders');
  const [desk] = await Promise.all([clerk.context.waitForEvent('page'), link.click()]);
  await desk.waitForLoadState();
  await world.audit.lookOnce(desk, 'bank-log-in', 'zh+en');
  const file = join(world.platform.data, 'bank', 'clerk.json');
  const login = JSON.parse(await readFile(file, 'utf8')) as ClerkLogin; // written by the bank
  await desk.fill('#username', login.username);
  await desk.fill('#password', login.password);
  await desk.fill('#code', totpCode(new Secret(login.totpSecret), systemClock.now()));
  await desk.click('button[type="submit"]');
  await desk.locator('nav').waitFor();
  world.check('the clerk is at the desk', new URL(desk.url()).pathname === '/desk');
  await world.audit.lookOnce(desk, 'bank-desk-empty', 'zh+en');
  world.desk = desk;
}

/** The sum above the limit waits for a person. */
async function approve(world: World, desk: Page, applicant: string): Promise<void> {
  const row = desk.locator('tr', { hasText: applicant });
  const until = performance.now() + ACT_MS;
  while ((await row.count()) === 0) {
    if (performance.now() > until) throw new Error(`no application of ${applicant} at the desk`);
    await desk.waitForTimeout(500);
    await desk.goto(new URL('/desk', desk.url()).href);
  }
  await world.audit.lookOnce(desk, 'bank-desk', 'zh+en');
  await row.locator('a').click();
  await world.audit.lookOnce(desk, 'bank-sheet', 'zh+en');
  await desk.locator('form[action$="/approve"] button').click();
  await desk.locator('.empty').waitFor();
}

/** At the bank's sandbox page, in a tab of its own. */
async function pay(world: World, bidder: Person): Promise<void> {
  const code = (await bidder.text('payment-code')).trim();
  const [page] = await Promise.all([bidder.context.waitForEvent('page'), bidder.click('payment-link')]);
  await page.waitForLoadState();
  await world.audit.lookOnce(page, 'bank-pay', 'zh+en');
  await page.fill('#code', code);
  await page.click('button[type="submit"]');
  await page.locator('input[name="confirm"] ~ button').click();
  await page.locator('.note.good').waitFor();
  await world.audit.lookOnce(page, 'bank-paid', 'zh+en');
  await page.close();
}

async function guarantee(world: World, bidder: Person): Promise<void> {
  await bidder.fill('applicant-address', '青岛市市南区工业大道12号');
  await bidder.click('apply-guarantee');
  await bidder.see('order');
  if (bidder.key === 'bidder-3') {
    if (world.desk === undefined) throw new Error('nobody is at the desk');
    await bidder.seeData('order', 'state', 'underwriting');
    await approve(world, world.desk, bidder.login.organization);
  }
  await bidder.click('read-quote', { timeout: ACT_MS });
  await bidder.see('quote');
  if (bidder.key === 'bidder-3') await bidder.look('deposit-quote');
  await pay(world, bidder);
  await bidder.click('read-certificate', { timeout: ACT_MS });
  const number = await bidder.text('certificate-number');
  const verification = await bidder.text('verification-code');
  world.check(`${bidder.key} holds the certificate`, number.length > 4 && verification.length > 4);
  world.guarantee = { number: number.trim(), verificationCode: verification.trim() };
  await bidder.look('deposit-certificate');
}

/** One bidder: what credit waives, and a guarantee for the rest. */
export async function coverDeposit(world: World, { key, waived, due }: BidFacts): Promise<void> {
  const bidder = world.who(key);
  await bidder.go(`/tenders/${world.tenderId}/deposit`);
  const base = await bidder.text('deposit-base');
  world.check(`${key}: deposit of 600,000, not ${base}`, base.includes('600,000.00'));
  world.check(`${key}: ${waived} waived`, (await bidder.text('deposit-waived')).includes(waived));
  world.check(`${key}: ${due} left`, (await bidder.text('deposit-due')).includes(due));
  if (due === '0.00') {
    await bidder.look('deposit-waived');
    return;
  }
  await guarantee(world, bidder);
}

export const deskStep: Step = { name: 'bank-desk', run: openDesk };
export const depositStep: Step = {
  name: 'deposits',
  run: async (world) => {
    await Promise.all(bids.map((facts) => coverDeposit(world, facts)));
  },
};

/** Anybody with number and code asks whether a guarantee is real. */
export const verifyStep: Step = {
  name: 'verify-guarantee',
  run: async (world) => {
    const { guarantee: held } = world;
    if (held === undefined) throw new Error('no guarantee was issued');
    const guest = await world.guest();
    await guest.goto(`${world.platform.origin}/verify-guarantee`);
    await guest.locator('[data-test="guarantee-number"]').locator('visible=true').first().fill(held.number);
    await guest.locator('[data-test="guarantee-code"]').locator('visible=true').first().fill(held.verificationCode);
    await guest.click('[data-test="verify-guarantee"]');
    await guest.locator('[data-test="guarantee-verdict"]').waitFor();
    await world.audit.look(guest, 'verify-guarantee');
  },
};
