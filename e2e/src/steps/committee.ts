import { identityFromPkcs12, openCalls, openSession, waitFor } from '@qej/client';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ACT_MS } from '../person.ts';
import type { Person } from '../person.ts';
import type { Step } from '../step.ts';
import { inLanes } from '../world.ts';
import type { World } from '../world.ts';

const SEATS = 5;
const ROOMY = { width: 1180, height: 760 };

/** Whom the lot has called is known only to each expert: ask with each one's own certificate, by API. */
async function findCalled(world: World): Promise<readonly string[]> {
  const { platform } = world;
  const experts = platform.logins.filter(({ role }) => role === 'expert');
  const called: string[] = [];
  await inLanes(experts, 3, async ({ key, p12, passphrase }) => {
    const bytes = new Uint8Array(await readFile(join(platform.data, p12)));
    const identity = await identityFromPkcs12(bytes, passphrase, { id: key });
    const session = await openSession({ origin: platform.origin, identity });
    if (await openCalls(session, world.tenderId)) called.push(key);
  });
  return called;
}

async function draw(world: World): Promise<void> {
  const agency = world.who('agency');
  await agency.go(`/tenders/${world.tenderId}/committee`);
  await agency.see('committee-none');
  await agency.look('committee-none');
  await agency.click('draw-committee');
  await agency.see('seat-row');
  world.experts = await waitFor(
    'five experts to be called',
    async () => {
      const called = await findCalled(world);
      return called.length >= SEATS ? called : undefined;
    },
    { timeoutMs: 60_000, everyMs: 1_000 },
  );
  world.check(`five experts are called, ${world.experts.join(', ')}`, world.experts.length === SEATS);
  await agency.look('committee-drawn');
}

/** Log in, accept, sign in, declare. */
async function takeSeat(world: World, key: string): Promise<void> {
  const expert = await world.person(key, ROOMY);
  const isFirst = key === world.experts[0];
  await expert.logIn('/my-calls');
  if (isFirst) {
    await expert.see('call-accept');
    await expert.look('expert-calls');
  }
  await expert.click('call-accept');
  await expert.click('to-committee');
  if (isFirst) {
    await expert.see('sign-in');
    await expert.look('expert-sign-in');
  }
  await expert.click('sign-in');
  if (isFirst) {
    await expert.see('declare');
    await expert.look('expert-declaration');
  }
  await expert.click('declare');
  await expert.seeData('my-seat', 'state', 'declared');
  world.check(`${key} signed the declaration`, expert.hasSigned('qej-declaration/1'));
}

async function vote(expert: Person, seat: string): Promise<void> {
  await expert.see(`vote-${seat}`);
  await expert.click(`vote-${seat}`);
  await expert.click('vote');
}

/** All vote for the first seat, who starts the evaluation. */
async function electChair(world: World): Promise<void> {
  const experts = world.experts.map((key) => world.who(key));
  const [first] = experts;
  if (first === undefined) throw new Error('no experts');
  await first.page.locator('[data-test^="vote-"]').first().waitFor({ timeout: ACT_MS });
  await first.look('expert-vote');
  const names = await first.page
    .locator('[data-test^="vote-"]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-test') ?? ''));
  const seat = (names[0] ?? '').replace('vote-', '');
  for (const expert of experts) await vote(expert, seat);
  const starts = experts.map(async (expert) => {
    await expert.see('start-evaluation', ACT_MS);
    return expert;
  });
  const chair = await Promise.any(starts);
  for (const waiting of starts) waiting.catch(() => undefined);
  world.chair = chair.key;
  await chair.look('expert-start');
  await chair.click('start-evaluation');
  await Promise.all(experts.map((expert) => expert.see('to-workbench')));
  world.check('a chair was elected and started the evaluation', true);
  const agency = world.who('agency');
  await agency.look('committee-sitting');
}

export const committeeSteps: readonly Step[] = [
  { name: 'draw', run: draw },
  { name: 'seats', run: (world) => inLanes(world.experts, 3, (key) => takeSeat(world, key)) },
  { name: 'chair', run: electChair },
];
