import { stat } from 'node:fs/promises';
import { bids } from '../facts.ts';
import { ACT_MS } from '../person.ts';
import type { Step } from '../step.ts';
import type { World } from '../world.ts';

async function candidates(world: World): Promise<void> {
  const agency = world.who('agency');
  await agency.go(`/tenders/${world.tenderId}/committee`);
  await agency.see('ranking-row');
  await agency.look('committee-reported');
  await agency.click('publish-candidates');
  await agency.page.locator('[data-test="publish-candidates"]').waitFor({ state: 'detached', timeout: ACT_MS });
  const guest = await world.guest();
  await guest.goto(`${world.platform.origin}/tenders/${world.tenderId}/result`);
  await guest.locator('[data-test="candidate-row"]').first().waitFor();
  await world.audit.look(guest, 'result-candidates');
}

/** The tenderee takes the first candidate, signs the notice and awards. */
async function award(world: World): Promise<void> {
  const tenderee = world.who('tenderee');
  await tenderee.go(`/tenders/${world.tenderId}/award`);
  await tenderee.page.locator('[data-test="choose-candidate"][data-rank="1"]').first().click();
  await tenderee.look('award');
  await tenderee.page.locator('[data-test="make-award-notice"]:enabled').click({ timeout: ACT_MS });
  await tenderee.click('sign-document', { timeout: ACT_MS });
  await tenderee.click('award-tender', { timeout: ACT_MS });
  await tenderee.see('contract-date');
  world.check('the award notice was signed', tenderee.hasSigned('qej-pdf/1'));
  await tenderee.look('award-contract');
  const guest = await world.guest();
  await guest.goto(`${world.platform.origin}/tenders/${world.tenderId}/result`);
  await guest.locator('[data-test="winner"]').waitFor();
  await world.audit.look(guest, 'result-winner');
}

/** Each bidder sees its own marks, and the same sum computed in its browser. */
async function ownResults(world: World): Promise<void> {
  const ranks: string[] = [];
  for (const { key } of bids) {
    const bidder = world.who(key);
    await bidder.go(`/tenders/${world.tenderId}/my-result`);
    const own = await bidder.see('my-result');
    ranks.push((await own.getAttribute('data-rank')) ?? '');
    world.check(`${key} sees its marks`, (await bidder.at('mark-row').count()) > 0);
    await bidder.click('recompute');
    await bidder.seeData('recomputed', 'agrees', 'true');
    world.check(`${key} computes the same`, (await bidder.at('trace-row').count()) > 0);
    await bidder.look('my-result');
  }
  world.check(`three ranks: ${ranks.join(', ')}`, ranks.toSorted().join('') === '123');
}

async function contract(world: World): Promise<void> {
  const tenderee = world.who('tenderee');
  await tenderee.at('contract-file').setInputFiles({
    name: '合同.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.7\n'),
  });
  await tenderee.click('record-contract');
  await tenderee.see('contracted');
  await tenderee.look('contracted');
  world.check('the contract is recorded', true);
}

/** Supervision takes the full archive, anybody the public one. */
async function archives(world: World): Promise<void> {
  const supervisor = world.who('supervisor');
  await supervisor.go(`/tenders/${world.tenderId}/supervision`);
  await supervisor.see('log-row');
  await supervisor.look('supervision-ended');
  const recordings = await supervisor.at('recording-row').count();
  world.check(`recordings are listed: ${recordings}`, recordings > 0);
  const [full] = await Promise.all([
    supervisor.page.waitForEvent('download', { timeout: ACT_MS * 2 }),
    supervisor.click('full-archive', { timeout: ACT_MS }),
  ]);
  const file = await full.path(); // throws where the download failed
  const { size } = await stat(file);
  world.check(`the archive is a file of ${size} bytes`, full.suggestedFilename().endsWith('.qej') && size > 100_000);
  const guest = await world.guest();
  await guest.goto(`${world.platform.origin}/tenders/${world.tenderId}`);
  const [open] = await Promise.all([
    guest.waitForEvent('download', { timeout: ACT_MS * 2 }),
    guest.locator('[data-test="archive"]').click({ timeout: ACT_MS }),
  ]);
  world.check('the public archive is a file', (await stat(await open.path())).size > 50_000);
}

/** A proof checked in the browser, on the log and on the timeline. */
async function proofs(world: World): Promise<void> {
  const guest = await world.guest();
  await guest.goto(`${world.platform.origin}/log`);
  await guest.locator('[data-test="log-entry"]').first().waitFor();
  await guest.locator('[data-test="check-entry"]').first().click();
  await guest.locator('[data-test="check-result"][data-passed="true"]').first().waitFor({ timeout: ACT_MS });
  world.check('an entry is proved in the browser', true);
  await world.audit.look(guest, 'log');
}

export const resultSteps: readonly Step[] = [
  { name: 'candidates', run: candidates },
  { name: 'award', run: award },
  { name: 'own-results', run: ownResults },
  { name: 'contract', run: contract },
  { name: 'archives', run: archives },
  { name: 'proofs', run: proofs },
];
