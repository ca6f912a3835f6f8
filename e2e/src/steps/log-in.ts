import type { Step } from '../step.ts';
import { inLanes } from '../world.ts';
import type { World } from '../world.ts';

/** Everybody but the experts, who are not known before the draw. */
const EVERYBODY = ['agency', 'tenderee', 'bidder-1', 'bidder-2', 'bidder-3', 'supervisor', 'operator'] as const;

async function everybody(world: World): Promise<void> {
  await inLanes(EVERYBODY, 3, async (key) => {
    const person = await world.person(key);
    await person.logIn();
    const name = await person.text('who');
    world.check(`${key} sees the own name`, name.includes(person.login.name));
    const signed = person.confirmed.at(-1);
    world.check(`${key} signed the log-in, ${signed?.purpose}`, signed?.purpose === 'qej-login/1');
  });
}

/** Before anything has happened. */
async function emptyPages(world: World): Promise<void> {
  const agency = world.who('agency');
  await agency.see('desk-due');
  await agency.look('desk-empty');
  const guest = await world.guest();
  await guest.goto(world.platform.origin);
  await guest.locator('[data-test="search"]').waitFor();
  await world.audit.look(guest, 'portal-empty');
}

/** Pages that depend on no tender. */
async function accountPages(world: World): Promise<void> {
  const supervisor = world.who('supervisor');
  for (const [path, name] of [
    ['/account', 'account'],
    ['/inbox', 'inbox'],
    ['/operator', 'denied'],
    ['/no-such-page', 'not-found'],
  ] as const) {
    await supervisor.go(path);
    await supervisor.page.waitForLoadState('networkidle');
    await supervisor.look(name);
  }
  const guest = await world.guest();
  await guest.goto(`${world.platform.origin}/register`);
  await guest.waitForLoadState('networkidle');
  await world.audit.look(guest, 'register');
}

/** A passkey (virtual authenticator) is enrolled and used for the next log-in. */
async function passkey(world: World): Promise<void> {
  const person = world.who('tenderee');
  const cdp = await person.context.newCDPSession(person.page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await person.go('/account');
  await person.click('add-passkey');
  await person.page.locator('section:has([data-test="add-passkey"]) [role="status"]').waitFor();
  await person.click('who');
  await person.click('log-out');
  await person.page.waitForURL((url) => url.pathname === '/');
  await person.go('/login');
  await person.look('login');
  await person.click('login-passkey');
  await person.page.waitForURL((url) => url.pathname === '/desk');
  world.check('log-in by passkey', (await person.text('who')).includes(person.login.name));
}

/** Operators show a second factor before their pages open. */
async function secondFactor(world: World): Promise<void> {
  const operator = world.who('operator');
  await operator.go('/operator');
  await operator.see('health-parts');
  await operator.look('operator-health');
  world.check('operator passed the second factor', true);
  for (const [path, name] of [
    ['/operator/organizations', 'organizations'],
    ['/operator/experts', 'experts'],
    ['/operator/outbox', 'outbox'],
  ] as const) {
    await operator.go(path);
    await operator.page.waitForLoadState('networkidle');
    if (name !== 'outbox') await operator.see(name);
    await operator.look(`operator-${name}`);
  }
}

export const logInSteps: readonly Step[] = [
  { name: 'log-in', run: everybody },
  { name: 'passkey', run: passkey },
  { name: 'empty-pages', run: emptyPages },
];

/** While everybody waits for the deadline. */
export const waitingSteps: readonly Step[] = [
  { name: 'operator', run: secondFactor },
  { name: 'account-pages', run: accountPages },
];
