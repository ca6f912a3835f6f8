import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bids, writeBidFile } from '../facts.ts';
import type { BidFacts } from '../facts.ts';
import { ACT_MS } from '../person.ts';
import type { Step } from '../step.ts';
import type { World } from '../world.ts';

async function fillForm(world: World, facts: BidFacts, file: string): Promise<void> {
  const bidder = world.who(facts.key);
  await bidder.go(`/tenders/${world.tenderId}/seal`);
  await bidder.at('files-main').setInputFiles(file, { timeout: ACT_MS });
  await bidder.see('bid-file');
  await bidder.fill('price-total', facts.total);
  await bidder.see('price-words');
  await bidder.fill('price-period', facts.periodDays);
  await bidder.fill('price-quality', '合格');
  await bidder.fill('price-manager', facts.manager);
}

/** Files and price sealed in the browser, rescue file kept, manifest signed, receipt in the log. */
async function seal(world: World, facts: BidFacts): Promise<void> {
  const bidder = world.who(facts.key);
  const file = await writeBidFile(facts);
  try {
    await fillForm(world, facts, file);
    if (facts.key === 'bidder-1') await bidder.look('seal-form');
    await bidder.click('seal-start');
    await bidder.see('rescue', ACT_MS * 2);
    if (facts.key === 'bidder-1') await bidder.look('seal-rescue');
    const [rescue] = await Promise.all([bidder.page.waitForEvent('download'), bidder.click('rescue-download')]);
    world.check('the rescue file has a name', rescue.suggestedFilename().endsWith('.qej-rescue.json'));
    await bidder.click('rescue-saved');
    await bidder.click('seal-sign', { timeout: ACT_MS * 2 });
    await bidder.see('receipt', ACT_MS * 2);
    world.check(`${facts.key} signed the manifest`, bidder.hasSigned('qej-manifest/1'));
    await bidder.seeData('receipt', 'included', 'true');
    const [receipt] = await Promise.all([bidder.page.waitForEvent('download'), bidder.click('receipt-download')]);
    world.check('the receipt has a name', receipt.suggestedFilename().endsWith('.qej-receipt.json'));
    world.check(`${facts.key}: receipt in the log`, true);
  } finally {
    await rm(dirname(file), { recursive: true, force: true });
  }
}

/** What a bidder sees while waiting, and how little anybody else does. */
async function sealedPages(world: World): Promise<void> {
  const bidder = world.who('bidder-1');
  await bidder.look('seal-receipt');
  await bidder.go('/my-bids');
  await bidder.see('bid-row');
  await bidder.look('my-bids');
  const agency = world.who('agency');
  await agency.go(`/tenders/${world.tenderId}/hall`);
  if ((await agency.at('hall-before').count()) === 0) return;
  const text = await agency.page.locator('main').innerText();
  const names = bids.map(({ key }) => world.who(key).login.organization);
  world.check(
    'before the deadline no bidder is named',
    names.every((name) => !text.includes(name)),
  );
  await agency.look('hall-before');
}

export const bidSteps: readonly Step[] = [
  {
    name: 'bids',
    run: async (world) => {
      await Promise.all(bids.map((facts) => seal(world, facts)));
    },
  },
  { name: 'bids-waiting', run: sealedPages },
];
