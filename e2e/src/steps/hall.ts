import { bids } from '../facts.ts';
import { ACT_MS } from '../person.ts';
import type { Step } from '../step.ts';
import { inLanes } from '../world.ts';
import type { World } from '../world.ts';

const DEADLINE_MS = 300_000;
const OBJECTION = '唱标时本单位名称后缺“有限公司”四字，请更正。';
const ANSWER = '已核对：投标函中的名称完整，开标记录按投标函记载。';

const bidRow = (world: World, watcher: string, bidder: string) =>
  world.who(watcher).page.locator('[data-test="bid-row"]', { hasText: world.who(bidder).login.organization });

/** After the deadline: closing, witness, owners; the host starts, every bidder releases its half in its browser. */
async function decrypt(world: World): Promise<void> {
  const path = `/tenders/${world.tenderId}/hall`;
  const agency = world.who('agency');
  await Promise.all(bids.map(({ key }) => world.who(key).go(path)));
  await agency.go(path);
  await agency.click('host-start-decryption', { timeout: DEADLINE_MS });
  await agency.see('hall-window');
  await agency.see('witness');
  await agency.look('hall-window');
  await inLanes(bids, 3, async ({ key }) => {
    const bidder = world.who(key);
    if (key === 'bidder-1') {
      await bidder.see('release-half');
      await bidder.look('hall-release');
    }
    await bidder.click('release-half', { timeout: ACT_MS });
    await bidRow(world, key, key).and(bidder.page.locator('[data-state="opened"]')).waitFor({ timeout: ACT_MS });
    world.check(`${key} released its half`, bidder.hasSigned('qej-half/1'));
  });
}

/** Price table; two confirm, one objects and is answered. */
async function confirmPrices(world: World): Promise<void> {
  const agency = world.who('agency');
  for (const { key, total } of bids) {
    const shown = await agency.page
      .locator('[data-test="price-row"]', { hasText: world.who(key).login.organization })
      .innerText();
    const sum = total.replaceAll(/\B(?=(\d{3})+(?=\.))/g, ',');
    world.check(`the price of ${key} is read out: ${sum}`, shown.includes(sum));
  }
  await agency.look('hall-prices');
  await inLanes(bids, 3, async ({ key }) => {
    const bidder = world.who(key);
    if (key !== 'bidder-2') return bidder.click('confirm-price', { timeout: ACT_MS });
    await bidder.click('object-open');
    await bidder.fill('objection-text', OBJECTION);
    await bidder.look('hall-objection');
    await bidder.click('objection-send');
  });
  await agency.see('objection');
  await agency.fill('answer-text', ANSWER);
  await agency.click('answer-send');
  const answered = await agency.text('objection-answered');
  world.check('the objection is answered', answered.includes(ANSWER));
}

/** The record, signed by the host. */
async function record(world: World): Promise<void> {
  const agency = world.who('agency');
  await agency.go(`/tenders/${world.tenderId}/hall`);
  await agency.click('host-make-record', { timeout: ACT_MS * 3 });
  await agency.click('sign-document', { timeout: ACT_MS * 2, within: await agency.see('host-step') });
  await agency.click('host-finish', { timeout: ACT_MS });
  await agency.seeData('host-step', 'command', 'none');
  await agency.see('opening-record');
  world.check('the opening record was signed', agency.hasSigned('qej-pdf/1'));
  await agency.look('hall-done');
  const guest = await world.guest();
  await guest.goto(`${world.platform.origin}/tenders/${world.tenderId}/hall`);
  await guest.locator('[data-test="price-row"]').first().waitFor();
  world.check('the public sees three prices', (await guest.locator('[data-test="price-row"]').count()) === bids.length);
}

export const hallSteps: readonly Step[] = [
  { name: 'decryption', run: decrypt },
  { name: 'prices', run: confirmPrices },
];
/** An objection leaves the time for confirmations open to its end: other work comes between. */
export const recordStep: Step = { name: 'opening-record', run: record };
