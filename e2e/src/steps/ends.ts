import { ACT_MS } from '../person.ts';
import type { Step } from '../step.ts';
import type { World } from '../world.ts';
import { confirmTyped } from './evaluation.ts';
import { draft, publish } from './notice.ts';

/** A second, small tender, looked at closely while it is written; ended with reasons; the editor of the next one opens. */
async function terminate(world: World): Promise<void> {
  const agency = world.who('agency');
  const words = {
    code: 'QEJ-E2E-002',
    titleZh: '午山公园桥梁加固工程施工',
    titleEn: 'Bridge strengthening, Wushan park',
    estimate: '8000000.00',
    publicitySeconds: '3',
  };
  const tenderId = await draft(world, words, 600, true);
  await publish(world, true);
  await agency.look('notice-published');
  await agency.go(`/tenders/${tenderId}/terminate`);
  await agency.fill('terminate-reason', '因规划调整，本项目不再实施，依法终止招标并退还保函。');
  await agency.look('terminate');
  await agency.click('terminate-open');
  await confirmTyped(agency);
  await agency.see('terminated', ACT_MS);
  world.check('the tender is terminated', true);
  await agency.look('terminated');
  await agency.click('retender');
  await agency.see('draft-code');
  await agency.look('retender');
}

/** Desks and inbox at the end of the day. */
async function desks(world: World): Promise<void> {
  for (const [key, path, name] of [
    ['agency', '/desk', 'desk-agency'],
    ['bidder-2', '/desk', 'desk-bidder'],
    ['bidder-2', '/inbox', 'inbox-bidder'],
    ['operator', '/operator/outbox', 'operator-outbox-full'],
  ] as const) {
    const person = world.who(key);
    await person.go(path);
    await person.page.waitForLoadState('networkidle');
    await person.look(name);
  }
  world.check('desks at the end of the day', true);
}

export const terminationStep: Step = { name: 'termination', run: terminate };
export const endSteps: readonly Step[] = [{ name: 'desks', run: desks }];
