import { identityFromPkcs12, openSession } from '@qej/client';
import type { SessionClient } from '@qej/client';
import { api, fillPath, roles } from '@qej/contract';
import type { Role, RouteDefinition } from '@qej/contract';
import { ownDatabaseUrl } from '@qej/testkit';
import test from 'ava';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform } from './start-platform.ts';
import type { RunningPlatform } from './start-platform.ts';

let directory: string;
let platform: RunningPlatform;
const cookies = new Map<Role, string>();

const ids = {
  tenderId: 'a'.repeat(32),
  bidId: 'b'.repeat(32),
  documentId: 'c'.repeat(32),
  orderId: 'd'.repeat(32),
  messageId: 'e'.repeat(32),
  expertId: 'f'.repeat(32),
  fileIndex: '0',
  holderId: 'x',
  guarantorId: 'x',
  messageHash: '0'.repeat(64),
  seq: '0',
  policyId: 'x',
};

async function cookieOf(role: Role): Promise<string> {
  const login = platform.logins.find((entry) => entry.role === role);
  if (login === undefined) throw new Error(`no demo log-in for ${role}`);
  let cookie = '';
  const spy: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    for (const line of response.headers.getSetCookie()) cookie = line.split(';')[0] ?? '';
    return response;
  };
  const identity = await identityFromPkcs12(
    new Uint8Array(await readFile(join(directory, login.p12))),
    login.passphrase,
    { id: login.key, actAs: role },
  );
  const session: SessionClient = await openSession({ origin: platform.facts.origin, identity, fetch: spy });
  await session.api.getSession({});
  return cookie;
}

test.before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'qej-routes-'));
  const url = ownDatabaseUrl(directory);
  platform = await startPlatform({
    config: {
      host: 'localhost',
      port: 0,
      https: false,
      dataDirectory: directory,
      databaseUrl: url,
      playDemo: false,
      workerBin: undefined,
      workerStateFile: undefined,
    },
  });
  for (const role of roles) cookies.set(role, await cookieOf(role));
});
test.after.always(async () => {
  await platform.close();
  await rm(directory, { recursive: true, force: true });
});

async function ask(route: RouteDefinition, cookie: string | undefined, more: RequestInit = {}): Promise<Response> {
  const headers: Record<string, string> = {
    'content-type': route.bytesIn?.mediaType ?? 'application/json',
    ...(cookie === undefined ? {} : { cookie }),
    ...(more.headers as Record<string, string>),
  };
  const body = route.method === 'GET' || route.method === 'DELETE' ? null : '{}';
  return fetch(`${platform.facts.origin}/api${fillPath(route.path, ids)}`, { method: route.method, headers, body });
}
const all = Object.entries(api) as [string, RouteDefinition][];
const codeOf = async (response: Response): Promise<string> => ((await response.json()) as { code: string }).code;

test.serial('S12: every route that is not public refuses whoever is not logged in', async (t) => {
  let cells = 0;
  for (const [name, route] of all) {
    if (route.access.kind === 'public' || route.access.kind === 'signed') continue;
    const response = await ask(route, undefined);
    t.is(response.status, 401, name);
    t.is(await codeOf(response), 'E_LOGIN_REQUIRED', name);
    cells++;
  }
  t.log(`${cells} routes refused without log-in`);
});

test.serial('S12: every route refuses every role that the contract does not name', async (t) => {
  let cells = 0;
  for (const [name, route] of all) {
    if (route.access.kind !== 'roles') continue;
    for (const role of roles) {
      if ((route.access.roles as readonly string[]).includes(role)) continue;
      const response = await ask(route, cookies.get(role));
      t.is(response.status, 403, `${name} as ${role}`);
      t.is(await codeOf(response), 'E_FORBIDDEN', `${name} as ${role}`);
      cells++;
    }
  }
  t.log(`${cells} cells of role × route refused`);
});

test.serial('S12: a tender that is not the caller’s answers like one that does not exist', async (t) => {
  let cells = 0;
  for (const [name, route] of all) {
    if (route.access.kind !== 'roles' || route.access.scope === undefined || route.access.scope === 'own-organization')
      continue;
    for (const role of route.access.roles) {
      const response = await ask(route, cookies.get(role));
      t.is(response.status, 404, `${name} as ${role}`);
      cells++;
    }
  }
  t.log(`${cells} cells of scope refused`);
});

test.serial('operators and clerks are refused until they have shown the second factor', async (t) => {
  for (const [name, route] of all) {
    if (route.access.kind !== 'roles' || route.access.secondFactor !== true) continue;
    for (const role of route.access.roles)
      t.is(await codeOf(await ask(route, cookies.get(role))), 'E_SECOND_FACTOR_REQUIRED', name);
  }
});

test.serial('S14: unsafe requests from foreign pages are refused', async (t) => {
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }]) {
    t.is(await codeOf(await ask(api.logOut, cookies.get('agency'), { headers })), 'E_CSRF');
  }
});

test.serial('S14: no page of another origin may frame, read or script these pages', async (t) => {
  const response = await fetch(platform.facts.origin);
  const policy = response.headers.get('content-security-policy') ?? '';
  t.regex(policy, /frame-ancestors 'none'/);
  t.regex(policy, /default-src 'none'/);
  t.is(response.headers.get('access-control-allow-origin'), null);
  t.is(response.headers.get('x-content-type-options'), 'nosniff');
});

test.serial('S13: operators of the database, wildcards and injections in text are data, not commands', async (t) => {
  const attacks = [
    "' OR '1'='1",
    '"; DROP TABLE tender; --',
    '%',
    '_',
    '{"$ne":null}',
    '1 UNION SELECT 1',
    "\\'; --",
    '${7*7}',
  ];
  for (const attack of attacks) {
    const response = await fetch(`${platform.facts.origin}/api/tenders?q=${encodeURIComponent(attack)}`);
    t.is(response.status, 200, attack);
    t.deepEqual(((await response.json()) as { items: unknown[] }).items, [], attack);
    const id = await fetch(`${platform.facts.origin}/api/tenders/${encodeURIComponent(attack)}`);
    t.true([400, 404].includes(id.status), attack);
  }
  for (const body of [
    '{"nonce":{"$ne":""},"cms":"AA=="}',
    '{"nonce":["x"],"cms":"AA=="}',
    '{"__proto__":{"x":1}}',
    '{"constructor":1}',
    '[[[[',
  ]) {
    const response = await fetch(`${platform.facts.origin}/api/login/certificate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    t.is(response.status, 400, body);
  }
});

test.serial('S16: forged, foreign, ended and replayed sessions are refused at once', async (t) => {
  const own = cookies.get('witness') ?? '';
  for (const forged of [
    'qej_session=',
    'qej_session=eyJhbGciOiJub25lIn0.e30.',
    `${own}x`,
    own.replace(/.$/, '!'),
    'qej_session=../../etc/passwd',
  ]) {
    t.is((await ask(api.getSession, forged)).status, 401, forged);
  }
  t.is((await ask(api.getSession, own)).status, 200);
  t.is((await ask(api.logOut, own)).status, 204);
  t.is((await ask(api.getSession, own)).status, 401, 'an ended session does not come back');
});

test.serial('S16: a challenge is good once, and the session token changes at log-in', async (t) => {
  const challenge = (await (
    await fetch(`${platform.facts.origin}/api/login/certificate/challenge`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
  ).json()) as { nonce: string };
  const tryLogin = (): Promise<Response> =>
    fetch(`${platform.facts.origin}/api/login/certificate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ nonce: challenge.nonce, cms: 'MAA=' }),
    });
  t.not((await tryLogin()).status, 200);
  t.is(await codeOf(await tryLogin()), 'E_CHALLENGE');
  t.not(cookies.get('agency'), await cookieOf('agency'));
});
