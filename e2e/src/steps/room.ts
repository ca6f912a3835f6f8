import type { Person } from '../person.ts';
import { ACT_MS } from '../person.ts';
import { readReceived } from '../received.ts';
import type { Received } from '../received.ts';
import type { Step } from '../step.ts';
import type { World } from '../world.ts';

const WANTED_FRAMES = 50;
const LIMIT_MS = 60_000;

const complete = (before: Record<string, Received>, now: Record<string, Received>, others: number): boolean => {
  const heard = Object.entries(now).filter(
    ([peer, { frames, energy }]) =>
      frames - (before[peer]?.frames ?? 0) >= WANTED_FRAMES && energy > (before[peer]?.energy ?? 0),
  );
  return heard.length >= others;
};

async function seesAndHears(world: World, expert: Person, others: number): Promise<void> {
  const began = performance.now();
  const before = await readReceived(expert.page);
  for (;;) {
    await expert.page.waitForTimeout(500);
    const now = await readReceived(expert.page);
    if (complete(before, now, others)) {
      const frames = Object.entries(now).map(([peer, { frames: all }]) => all - (before[peer]?.frames ?? 0));
      world.figures.push(
        `${expert.key}: frames ${frames.join(', ')} of each other expert in ${Math.round(performance.now() - began)} ms`,
      );
      for (let other = 0; other < others; other++) world.passed += 2;
      return;
    }
    if (performance.now() - began > LIMIT_MS)
      throw new Error(`${expert.key} does not see and hear everybody: ${JSON.stringify({ before, now })}`);
  }
}

/** Five people in the room: pictures and sound of each at each. */
async function meet(world: World): Promise<void> {
  const experts = world.experts.map((key) => world.who(key));
  for (const expert of experts) {
    await expert.click('to-workbench');
    await expert.click('join-room', { timeout: ACT_MS });
    await expert.seeData('room', 'connection', 'joined');
  }
  const others = experts.length - 1;
  for (const expert of experts)
    await expert.page.waitForFunction(
      (wanted) => document.querySelectorAll('video[data-test="remote-video"]').length >= wanted,
      others,
      { timeout: ACT_MS },
    );
  for (const expert of experts) await seesAndHears(world, expert, others);
  world.check('screen sharing is offered', await experts[0]!.at('toggle-screen').isVisible());
  await experts[0]!.look('workbench-room');
}

/** Mute is seen by the others. */
async function mute(world: World): Promise<void> {
  const [speaker, listener] = world.experts.map((key) => world.who(key));
  if (speaker === undefined || listener === undefined) throw new Error('nobody in the room');
  const peer = await speaker.page
    .locator('[data-test="participant"]:has([data-test="own-video"])')
    .getAttribute('data-peer');
  const tile = listener.page.locator(`[data-test="participant"][data-peer="${peer}"]`);
  await speaker.click('toggle-mic');
  await tile.and(listener.page.locator('[data-muted="true"]')).waitFor();
  await speaker.click('toggle-mic');
  await tile.and(listener.page.locator('[data-muted="false"]')).waitFor();
  await speaker.click('toggle-hand');
  await tile.and(listener.page.locator('[data-hand="true"]')).waitFor();
  await speaker.click('toggle-hand');
  world.check('mute and hand are seen by the others', true);
}

/** Supervision sees the running tender, looks into the room, and is not seen as a member. */
async function watch(world: World): Promise<void> {
  const supervisor = world.who('supervisor');
  await supervisor.go('/supervision');
  await supervisor.see('supervised');
  await supervisor.look('supervision');
  await supervisor.click('supervise');
  await supervisor.see('log-row');
  await supervisor.click('room-enter');
  await supervisor.seeData('room-watch', 'connection', 'joined');
  await supervisor.page.waitForFunction(
    (wanted) => document.querySelectorAll('video[data-test="remote-video"]').length >= wanted,
    world.experts.length,
    { timeout: ACT_MS },
  );
  await supervisor.look('supervision-tender');
  const others = await supervisor.at('room-person').count();
  await supervisor.click('room-leave');
  world.check(`supervision looks into the room, ${others} people`, others >= world.experts.length);
}

/** Twenty pictures decoded on two processors leave nothing for the work: cameras go off, voices stay. */
async function camerasOff(world: World): Promise<void> {
  for (const key of world.experts) {
    const expert = world.who(key);
    await expert.click('toggle-camera');
    await expert.page.locator('[data-test="own-video"]').waitFor({ state: 'detached' });
  }
  const [first] = world.experts.map((key) => world.who(key));
  await first?.page.locator('[data-test="remote-video"]').first().waitFor({ state: 'detached' });
  world.check('cameras can be switched off', true);
}

export const roomSteps: readonly Step[] = [
  { name: 'room', run: meet },
  { name: 'room-mute', run: mute },
  { name: 'supervision', run: watch },
  { name: 'room-cameras', run: camerasOff },
];
