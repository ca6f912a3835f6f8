import { ACT_MS } from '../person.ts';
import type { Person } from '../person.ts';
import type { Step } from '../step.ts';
import { inLanes } from '../world.ts';
import type { World } from '../world.ts';

/** Types the word that the window asks for. */
export async function confirmTyped(person: Person): Promise<void> {
  const dialog = person.page.locator('.el-dialog:visible');
  const label = await dialog.locator('label:has(+ .el-input)').last().innerText();
  const word = /[“「"']([^”」"']+)[”」"']/.exec(label)?.[1] ?? '';
  await person.fill('confirm-word', word);
  await person.click('confirm-typed');
}

/** Marks near four fifths of the maximum, on the steps of each criterion. */
const markOf = (max: number, step: number, bid: number, member: number, isObjective: boolean): string => {
  const lift = bid * 2 + (isObjective ? 0 : member % 3);
  const steps = Math.round(((max / step) * (74 + lift)) / 100);
  return String(Math.min(max, steps * step));
};

async function fillSheet(expert: Person, bid: number, member: number): Promise<void> {
  for (const item of await expert.page.locator('[data-test="pass-item"]').all())
    await item.locator('[data-test^="pass-"]').first().click();
  for (const item of await expert.page.locator('[data-test="score-item"]').all()) {
    const field = item.locator('input').first();
    const range = (await field.getAttribute('aria-label')) ?? '';
    const [max = 10, step = 0.5] = (range.match(/\d+(\.\d+)?/g) ?? []).slice(-2).map(Number);
    const isObjective = (await item.innerText()).includes('客观');
    await field.fill(markOf(max, step, bid, member, isObjective));
  }
}

/** Every bid marked by keyboard and mouse, kept by itself, signed and submitted. */
async function review(world: World, key: string, member: number): Promise<void> {
  const expert = world.who(key);
  const tabs = expert.at('bid-tab');
  await tabs.first().waitFor();
  const count = await tabs.count();
  world.check('three bids are to be marked', count === 3);
  for (let bid = 0; bid < count; bid++) {
    await tabs.nth(bid).click();
    await fillSheet(expert, bid, member);
    await expert.seeData('save-mark', 'saved', 'true');
  }
  if (member === 0) await expert.look('workbench-sheet');
  await expert.click('submit-sheets');
  await confirmTyped(expert);
  await expert.page
    .locator(`[data-test="member-progress"][data-submitted="true"]`)
    .first()
    .waitFor({ timeout: ACT_MS });
  world.check(`${key} signed the marks`, expert.hasSigned('qej-scores/1'));
}

async function documents(world: World): Promise<void> {
  const expert = world.who(world.experts[0] ?? '');
  await expert.click('open-file');
  await expert.page.locator('[data-test="bid-documents"] canvas').first().waitFor({ timeout: ACT_MS });
  await expert.look('workbench-documents');
}

/** The chair locks; ranking; report; five signatures; the end. */
async function report(world: World): Promise<void> {
  const chair = world.who(world.chair);
  await chair.click('lock-scores', { timeout: ACT_MS });
  await confirmTyped(chair);
  await chair.see('ranking-row');
  for (const reason of await chair.at('abnormal-reason').all()) {
    const field = reason.locator('input').first();
    await ((await field.count()) > 0 ? field : reason).fill('施工组织设计的深度差异较大，评分有据。');
  }
  await chair.look('workbench-ranking');
  await chair.click('make-report');
  for (const key of world.experts) {
    const expert = world.who(key);
    await expert.click('sign-document', { timeout: ACT_MS });
    await expert.page.locator('[data-test="sign-document"]').waitFor({ state: 'detached', timeout: ACT_MS });
  }
  await chair.seeData('report', 'signatures', '5');
  await chair.look('workbench-report');
  await chair.click('finish-evaluation');
  await chair.page.locator('[data-test="finish-evaluation"]').waitFor({ state: 'detached', timeout: ACT_MS });
  world.check('the report is signed by five', true);
}

export const evaluationSteps: readonly Step[] = [
  { name: 'bid-documents', run: documents },
  {
    name: 'marks',
    run: (world) => inLanes(world.experts, 3, (key) => review(world, key, world.experts.indexOf(key))),
  },
  { name: 'report', run: report },
];
