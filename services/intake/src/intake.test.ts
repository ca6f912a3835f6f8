import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { verifyReceiptPackage } from '@qej/evidence';
import { canonicalBytes, DomainError, fromBase64, fromHex, instant, newId, toBase64, toHex } from '@qej/kernel';
import { blindTokens, finalizeTokens, localTsaPolicy, verifyTimestamp } from '@qej/pki';
import { encodeSealMessage, OBJECT_LENGTH, REGISTER_LENGTH, withdrawalOf } from '@qej/sealed-bid';
import { SESSION_QUOTA, TOKENS_PER_WEEK } from '@qej/usecases';
import { openSession, sealBid, sendSeal, submitBid, upload } from './testing/bids.ts';
import { publishLot } from './testing/lot.ts';
import type { Lot } from './testing/lot.ts';
import { addPerson, as, makeWorld } from './testing/world.ts';
import { createIntakeApp } from './index.ts';

const refused = (code: string) => ({ instanceOf: DomainError, code });
const APP = 'http://app.test';
const world = await makeWorld();
const agency = await addPerson(world, 'agency', { name: '青岛代理', uscc: '91350100M000100Y43' });
const bidder = await addPerson(world, 'bidder', { name: '甲公司', uscc: '91350101M000100Y43' });
const logged: unknown[] = [];
const app = createIntakeApp({
  handlers: world.app.intake,
  clock: world.clock,
  appOrigin: APP,
  log: { error: (fields, error) => void logged.push([fields, error]) },
});
const handle = app.callback();
// Longer than this process may be busy: Node closes idle connections after 5 s, and a request on its way would be reset.
const keepAliveTimeout = 120_000;
const server = createServer({ keepAliveTimeout }, (request, response) => void handle(request, response));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo; // a TCP listener
const root = `http://127.0.0.1:${port}/api`;

test.after.always(async () => {
  await new Promise((resolve) => server.close(resolve));
  await world.close();
});

const plain = { params: undefined, query: undefined, body: undefined, bytes: undefined };
const binary = { 'content-type': 'application/octet-stream' };
const object = (fill: number): Uint8Array<ArrayBuffer> => new Uint8Array(OBJECT_LENGTH).fill(fill);
const put = (path: string, session: string, body: Uint8Array<ArrayBuffer>): Promise<Response> =>
  fetch(`${root}/${path}?session=${session}`, { method: 'PUT', headers: binary, body });
const codeOf = async (response: Response): Promise<string> => ((await response.json()) as { code: string }).code; // problem+json
const liveSeals = (lot: Lot) =>
  world.db.read((tx) => tx.seals.list({ lotId: lot.lotId, superseded: false, withdrawn: false }));

test.serial('a token opens one session; a spent, foreign or damaged one opens none', async (t) => {
  const { issuer } = world;
  const pending = await blindTokens(issuer.publicKey, 1);
  const body = { blinded: pending.map(({ blindedMessage }) => toBase64(blindedMessage)) };
  const { signatures, left } = await world.app.tokens.issueTokens({ ...plain, body }, as(world, bidder));
  t.is(left, TOKENS_PER_WEEK - 1);
  const [token] = await finalizeTokens(issuer.publicKey, pending, signatures.map(fromBase64));
  const ask = (bytes: Uint8Array): Promise<Response> =>
    fetch(`${root}/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: toBase64(bytes) }),
    });
  const good = token ?? new Uint8Array(0);
  t.is(await codeOf(await ask(good.with(300, (good[300] ?? 0) ^ 1))), 'E_TOKEN');
  const opened = await ask(good);
  t.is(opened.status, 201);
  t.is(((await opened.json()) as { quotaObjects: number }).quotaObjects, SESSION_QUOTA);
  t.is(await codeOf(await ask(good)), 'E_TOKEN_SPENT');
});

test.serial('objects have one size, come back byte by byte, and are never overwritten', async (t) => {
  const session = await openSession(world, bidder);
  const id = newId();
  t.is((await put(`objects/${id}`, session, object(1))).status, 200);
  const again = await put(`objects/${id}`, session, object(1));
  t.is(((await again.json()) as { sha256: string }).sha256, toHex(await world.provider.hash(object(1))));
  t.is(await codeOf(await put(`objects/${id}`, session, object(2))), 'E_OBJECT_CONFLICT');
  t.is(await codeOf(await put(`objects/${newId()}`, session, object(1).slice(1))), 'E_OBJECT_SIZE');
  t.is((await put(`objects/${newId()}`, session, new Uint8Array(OBJECT_LENGTH + 1))).status, 413);
  t.is(await codeOf(await put(`objects/${newId()}`, 'no-session', object(1))), 'E_SESSION');
  t.is(await codeOf(await put(`registers/${newId()}`, session, new Uint8Array(REGISTER_LENGTH - 1))), 'E_OBJECT_SIZE');
  const back = await fetch(`${root}/objects/${id}?session=${session}`);
  t.deepEqual(new Uint8Array(await back.arrayBuffer()), object(1));
  t.is((await fetch(`${root}/objects/${newId()}?session=${session}`)).status, 404);
  t.is((await fetch(`${root}/objects/..%2f..%2fetc?session=${session}`)).status, 400);
  const both = await Promise.all([3, 4].map((fill) => put(`objects/${'ab'.repeat(16)}`, session, object(fill))));
  t.deepEqual(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 409],
  );
});

test.serial('a session ends by its quota or its day', async (t) => {
  const session = await openSession(world, bidder);
  await world.db.transaction('test:quota', async (tx) => {
    for (const row of await tx.spentTokens.list({ used: 0 })) row.used = SESSION_QUOTA - 1;
  });
  const id = newId();
  t.is((await put(`objects/${id}`, session, object(1))).status, 200);
  t.is((await put(`objects/${id}`, session, object(1))).status, 200, 'what is there costs nothing');
  t.is(await codeOf(await put(`objects/${newId()}`, session, object(1))), 'E_QUOTA');
  const now = world.clock.at;
  world.clock.pass(24 * 3_600_000);
  t.is(await codeOf(await put(`objects/${id}`, session, object(1))), 'E_SESSION');
  world.clock.at = now;
});

test.serial(
  'no cookie, no referrer, no cache; only the app’s pages, without credentials; answers on the grid',
  async (t) => {
    const started = performance.now();
    const response = await fetch(`${root}/seals/${'0'.repeat(64)}`, { headers: { origin: APP } });
    t.true(performance.now() - started >= 49);
    t.is(response.status, 404);
    t.is(response.headers.get('access-control-allow-origin'), APP);
    t.is(response.headers.get('access-control-allow-credentials'), null);
    t.is(response.headers.get('set-cookie'), null);
    t.is(response.headers.get('cache-control'), 'no-store');
    t.is(response.headers.get('referrer-policy'), 'no-referrer');
    const preflight = await fetch(`${root}/objects/${newId()}`, {
      method: 'OPTIONS',
      headers: { origin: APP, 'access-control-request-method': 'PUT' },
    });
    t.is(preflight.status, 204);
    t.true(preflight.headers.get('access-control-allow-methods')?.includes('PUT'));
  },
);

test.serial('a seal gets its receipt at once, the same one again, and its proof after the next tick', async (t) => {
  const lot = await publishLot(world, agency);
  const bid = await sealBid(lot, bidder);
  await t.throwsAsync(sendSeal(world, bid.messageBytes), refused('E_REGISTER_MISSING'));
  await upload(world, bid);
  const send = (): Promise<Response> =>
    fetch(`${root}/seals`, { method: 'POST', headers: binary, body: new Uint8Array(bid.messageBytes) });
  const first = await send();
  t.is(first.status, 201);
  const { receipt } = (await first.json()) as { receipt: object };
  t.deepEqual(((await (await send()).json()) as { receipt: object }).receipt, receipt);
  t.is((await liveSeals(lot)).length, 1);
  t.is((await world.db.read((tx) => tx.acts.list({}))).length, 1, 'one act, however often it is sent');
  const path = `${root}/seals/${bid.message.messageHash}`;
  t.false(((await (await fetch(path)).json()) as { included: boolean }).included);
  await world.app.log.ticker.run(world.clock.now());
  await world.app.log.advance();
  const later = (await (await fetch(path)).json()) as { included: boolean; receipt: never };
  t.true(later.included);
  const { trust, ca, witness, logOrigin, logKey, tsa } = world;
  const checked = await verifyReceiptPackage(canonicalBytes(later.receipt), {
    verifyCms: (cms, content) => trust.verify({ purpose: 'qej-receipt/1', cms, content, at: world.clock.now() }),
    verifyTimestamp: async (token, content) => {
      const { genTime } = await verifyTimestamp({
        token,
        content,
        roots: ca.roots,
        policyOids: [localTsaPolicy],
        crls: await ca.crls(),
      });
      return { at: genTime, accuracyMs: 1000, independent: false };
    },
    witnessPolicy: { origin: logOrigin, logKey, witnesses: [{ vkey: witness.vkey, independent: false }], quorum: 1 },
    maxTimestampDelayMs: 5000,
    requireTick: true,
    messageHash: fromHex(bid.message.messageHash),
  });
  t.is(checked.receipt.lotId, lot.lotId);
  t.truthy(tsa.policyOid);
  const elsewhere = await world.app.hall.getReceipt(
    { ...plain, params: { messageHash: bid.message.messageHash } },
    { ...as(world, bidder), caller: undefined },
  );
  t.deepEqual(elsewhere.receipt, later.receipt);
});

test.serial(
  'in time to the deadline’s last millisecond, late one after it; a receipt comes back even then',
  async (t) => {
    const lot = await publishLot(world, agency);
    const [before, at, after] = [await sealBid(lot, bidder), await sealBid(lot, bidder), await sealBid(lot, bidder)];
    for (const bid of [before, at, after]) await upload(world, bid);
    world.clock.at = instant(lot.deadline - 1);
    await sendSeal(world, before.messageBytes);
    world.clock.at = instant(lot.deadline);
    await sendSeal(world, at.messageBytes);
    world.clock.at = instant(lot.deadline + 1);
    await t.throwsAsync(sendSeal(world, after.messageBytes), refused('E_LATE'));
    await t.notThrowsAsync(sendSeal(world, at.messageBytes));
    t.deepEqual(
      (await liveSeals(lot)).map(({ receivedAt }) => receivedAt - lot.deadline).sort((a, b) => a - b),
      [-1, 0],
    );
    const other = await sealBid({ ...lot, lotId: newId() }, bidder);
    await upload(world, other);
    await t.throwsAsync(sendSeal(world, other.messageBytes), refused('E_NOT_FOUND'));
  },
);

test.serial('replace and withdraw follow the live seal; an old message brings nothing back', async (t) => {
  const lot = await publishLot(world, agency);
  const first = await submitBid(world, lot, bidder);
  const { secrets } = await sealBid(lot, bidder);
  const next = { secrets: { ...secrets, capability: first.secrets.capability }, prev: first.message };
  const stranger = await sealBid(lot, bidder, { prev: first.message });
  await upload(world, stranger);
  await t.throwsAsync(sendSeal(world, stranger.messageBytes), refused('E_SEAL'), 'another capability key');
  const second = await submitBid(world, lot, bidder, next);
  t.deepEqual(
    (await liveSeals(lot)).map(({ messageHash }) => messageHash),
    [second.message.messageHash],
  );
  const third = await sealBid(lot, bidder, {
    ...next,
    secrets: {
      ...secrets,
      attempt: globalThis.crypto.getRandomValues(new Uint8Array(32)),
      capability: first.secrets.capability,
    },
  });
  await upload(world, third);
  await t.throwsAsync(sendSeal(world, third.messageBytes), refused('E_SEAL'), 'what it follows is replaced already');
  const withdrawal = await encodeSealMessage(world.provider, withdrawalOf(second.message), second.secrets.capability);
  await sendSeal(world, withdrawal);
  await sendSeal(world, withdrawal);
  t.deepEqual(await liveSeals(lot), []);
  await sendSeal(world, first.messageBytes);
  await sendSeal(world, second.messageBytes);
  t.deepEqual(await liveSeals(lot), [], 'sent again they give their old receipts, and stay withdrawn');
  await t.throwsAsync(sendSeal(world, first.messageBytes.with(40, 0)), refused('E_SEAL'));
  await t.throwsAsync(sendSeal(world, first.messageBytes.slice(1)), refused('E_SEAL'));
});

test.serial(
  'before the deadline the rows and files of a bid name nobody and no lot’s pool entry tells its time',
  async (t) => {
    const lot = await publishLot(world, agency);
    const bid = await submitBid(world, lot, bidder, { price: { total: '7654321.00' } });
    const names = [
      bidder.organization.id,
      bidder.caller.userId,
      bidder.organization.name,
      bidder.organization.uscc,
      '7654321.00',
    ];
    const dump = await world.db.read(async (tx) =>
      JSON.stringify([
        await tx.seals.list({}),
        await tx.spentTokens.list({}),
        await tx.acts.list({}),
        await tx.jobs.list({}),
        await tx.inbox.list({}),
        await tx.tenders.list({ id: lot.tenderId }),
        await tx.logEntries.list({ tenderId: lot.tenderId }),
      ]),
    );
    const agencyFree = dump.replaceAll(agency.organization.name, '');
    for (const name of names) t.false(agencyFree.includes(name), name);
    t.deepEqual(
      await world.db.read((tx) => tx.logEntries.list({ tenderId: lot.tenderId })),
      [],
      'a seal writes no entry of its own',
    );
    t.deepEqual(
      world.events.filter(({ tenderId }) => tenderId === lot.tenderId),
      [],
      'and wakes no page',
    );
    const hall = await world.app.hall.getHall(
      { ...plain, params: { tenderId: lot.tenderId } },
      { ...as(world, bidder) },
    );
    t.deepEqual([hall.bids, hall.releases, hall.witnesses, hall.hostStep.command], [[], [], [], 'none']);
    t.deepEqual(Object.keys(hall).sort(), [
      'bids',
      'ceilingPrice',
      'deadline',
      'hostStep',
      'now',
      'releases',
      'state',
      'tenderId',
      'witnesses',
    ]);
    const id = bid.objects[0]?.id ?? '';
    const file = join(world.directory, 'pool', id.slice(0, 2), id);
    const { mtimeMs, size } = await stat(file);
    t.deepEqual([mtimeMs % 86_400_000, size], [0, OBJECT_LENGTH]);
    for (const folder of await readdir(join(world.directory, 'pool')))
      t.false((await readdir(join(world.directory, 'pool', folder))).some((name) => name.endsWith('.part')));
    t.deepEqual(logged, []);
  },
);

test.serial('a failure of the platform is logged by its kind alone, without ids', async (t) => {
  const failing = createIntakeApp({
    handlers: { ...world.app.intake, getSealReceipt: () => Promise.reject(new Error('disk')) },
    clock: world.clock,
    appOrigin: APP,
    log: { error: (fields) => void logged.push(fields) },
  });
  const fail = failing.callback();
  const second = createServer({ keepAliveTimeout }, (request, response) => void fail(request, response));
  await new Promise<void>((resolve) => second.listen(0, '127.0.0.1', resolve));
  const address = second.address() as AddressInfo; // a TCP listener
  const response = await fetch(`http://127.0.0.1:${address.port}/api/seals/${'a'.repeat(64)}`);
  t.is(response.status, 500);
  const [line] = logged as { path: string; reference: string }[];
  t.is(line?.path, '/api/seals');
  t.false(JSON.stringify(logged).includes('aaaa'));
  await new Promise((resolve) => second.close(resolve));
});
