import { DomainError, toHex } from '@qej/kernel';
import { archiveSteps, readContainer, verifyFile } from '@qej/verifier';
import test from 'ava';
import { createHash } from 'node:crypto';
import { terminateTender } from '@qej/tendering';
import { appendEntry } from '../log/append-entry.ts';
import { lockTender, saveTender, tenderOf } from '../tender/tender-course.ts';
import { makeArchiveWorld } from './testing/archive-world.ts';
import type { ArchiveWorld } from './testing/archive-world.ts';
import { addPeople, publishTender } from './testing/publish-tender.ts';
import { edit, getArchive, policyOf, reseal, verify } from './testing/reseal.ts';
import { awardWinner, evaluateTender, openTender } from './testing/run-tender.ts';

let world: ArchiveWorld;
let tenderId: string;
let full: Uint8Array;
let open: Uint8Array;

test.before(async (t) => {
  world = await makeArchiveWorld();
  const people = await addPeople(world);
  const lot = await publishTender(world, people);
  ({ tenderId } = lot);
  await openTender(world, people, lot);
  await t.throwsAsync(getArchive(world, tenderId, 'full'), { instanceOf: DomainError, code: 'E_STATE' });
  await evaluateTender(world, people, lot);
  await t.throwsAsync(getArchive(world, tenderId, 'public'), { instanceOf: DomainError, code: 'E_STATE' });
  await awardWinner(world, lot);
  full = await getArchive(world, tenderId, 'full');
  open = await getArchive(world, tenderId, 'public');
});
test.after.always(() => world.close());

test('the full archive of an awarded tender passes every step', async (t) => {
  const { ok, steps, facts } = await verify(world, full);
  t.deepEqual(
    steps.filter((step) => step.state !== 'passed'),
    [],
  );
  t.deepEqual(
    steps.map(({ id }) => id),
    Object.keys(archiveSteps),
  );
  t.true(ok);
  t.is(facts?.state, 'awarded');
  t.is(facts?.sealedBy, '测试平台');
  t.is(facts?.witnesses[0]?.independent, true);
  t.false(facts?.logKeyFromArchive);
});

test('the public archive proves the same log and holds no bid content, no marks and no expert', async (t) => {
  const { ok, steps } = await verify(world, open);
  t.true(ok);
  t.deepEqual(
    steps.filter(({ state }) => state === 'absent').map(({ id }) => id),
    ['registers', 'deposits', 'prices', 'scores'],
  );
  const [shown, kept] = [readContainer(open), readContainer(full)];
  t.deepEqual(shown.members.get('log.json'), kept.members.get('log.json'));
  t.deepEqual(
    [...shown.members.keys()].filter((path) => /seals|guarantees|evaluation|objects/.test(path)),
    [],
  );
  const text = Buffer.from(open).toString('latin1');
  const experts = await world.ports.db.read((tx) => tx.experts.list({}));
  for (const { id, userId, salt } of experts)
    t.false(text.includes(id) || text.includes(userId) || text.includes(salt));
  const envelope = JSON.parse(Buffer.from(kept.members.get('seals.json') ?? []).toString()) as {
    seals: { envelope: string }[];
  };
  for (const seal of envelope.seals) t.false(text.includes(seal.envelope.slice(0, 64)));
});

test('the same state of a tender gives the same file, whoever asks and when', async (t) => {
  world.pass(5_000);
  t.deepEqual(await getArchive(world, tenderId, 'full'), full);
  t.deepEqual(await getArchive(world, tenderId, 'public'), open);
});

test('a public archive into which the operator puts sealed bids is refused', async (t) => {
  const seals = readContainer(full).members.get('seals.json') ?? new Uint8Array();
  const file = await reseal(world, open, (members) => members.set('seals.json', seals));
  const { ok, steps } = await verify(world, file);
  t.false(ok);
  t.deepEqual(
    steps.find(({ id }) => id === 'members')?.findings.map(({ code, subject }) => `${code} ${subject}`),
    ['E_ARCHIVE_MEMBER_UNKNOWN seals.json'],
  );
});

test('a failed tender leaves "<3" and nothing else, and that is checked too', async (t) => {
  const own = await makeArchiveWorld();
  t.teardown(own.close);
  const people = await addPeople(own);
  const lot = await publishTender(own, people);
  await openTender(own, people, lot, people.bidders.slice(0, 2));
  await own.ports.log.advance();
  const file = await getArchive(own, lot.tenderId, 'full');
  const { ok, steps, facts } = await verify(own, file);
  t.deepEqual(
    steps.filter((step) => step.state === 'failed'),
    [],
  );
  t.true(ok);
  t.is(facts?.state, 'failed-few');
  const paths = [...readContainer(file).members.keys()];
  t.false(paths.some((path) => /bids|seals|receipts|objects/.test(path)));
  const text = Buffer.from(file).toString('latin1');
  for (const { organization } of people.bidders.slice(0, 2)) t.false(text.includes(organization.uscc));
});

test('a terminated tender has an archive of what had happened until then', async (t) => {
  const own = await makeArchiveWorld();
  t.teardown(own.close);
  const lot = await publishTender(own, await addPeople(own));
  await own.ports.db.transaction('test:terminate', async (tx) => {
    const record = await lockTender(tx, lot.tenderId);
    const { state } = terminateTender(
      tenderOf(record),
      { ground: 'need-ceased', reason: '项目资金计划调整，本次招标取消' },
      own.clock.at,
    );
    saveTender(record, state, own.clock.at);
    await appendEntry(tx, {
      type: 'termination',
      at: own.clock.at,
      tenderId: lot.tenderId,
      members: { reason: '项目资金计划调整，本次招标取消' },
    });
  });
  await t.throwsAsync(
    getArchive(own, lot.tenderId, 'public'),
    { instanceOf: DomainError, code: 'E_STATE' },
    'the entry waits for its place',
  );
  await own.ports.log.advance();
  const { ok, steps, facts } = await verify(own, await getArchive(own, lot.tenderId, 'public'));
  t.deepEqual(
    steps.filter((step) => step.state === 'failed'),
    [],
  );
  t.true(ok);
  t.is(facts?.state, 'terminated');
});

test('an unknown tender has no archive, and one that was never published neither', async (t) => {
  await t.throwsAsync(getArchive(world, 'f'.repeat(32), 'public'), { instanceOf: DomainError, code: 'E_NOT_FOUND' });
});

test('a receipt out of the archive and the signed tender document pass on their own', async (t) => {
  const { members } = readContainer(full);
  const { receipts } = JSON.parse(Buffer.from(members.get('receipts.json') ?? []).toString()) as {
    receipts: { package: string }[];
  };
  const crls = (await world.ca.crls()).map(({ der }) => der);
  const policy = policyOf(world, { crls, intermediates: world.ca.intermediates.map(({ der }) => der) });
  const receipt = Buffer.from(receipts[0]?.package ?? '', 'base64');
  const { ok, kind } = await verifyFile(receipt, policy, world.clock.at);
  t.deepEqual({ ok, kind }, { ok: true, kind: 'receipt' });
  const [path = '', pdf = new Uint8Array()] = [...members].find(([name]) => name.startsWith('documents/')) ?? [];
  t.is(toHex(createHash('sha256').update(pdf).digest()), path.slice('documents/'.length));
  const signed = await verifyFile(pdf, policy, world.clock.at);
  t.deepEqual(
    { ok: signed.ok, kind: signed.kind, revocationUnchecked: signed.revocationUnchecked },
    { ok: true, kind: 'pdf', revocationUnchecked: false },
  );
  const certificate = await verifyFile(world.ca.intermediates[0]?.der ?? new Uint8Array(), policy, world.clock.at);
  t.is(certificate.steps[0]?.code, 'E_CERT_USAGE', 'an authority is not somebody who signs');
  const changed = new Uint8Array(pdf);
  changed[2_000] = (changed[2_000] ?? 0) ^ 1;
  t.false((await verifyFile(changed, policy, world.clock.at)).ok);
  const without = policyOf(world);
  const { logKey: _none, ...unnamed } = without;
  t.is((await verifyFile(receipt, unnamed, world.clock.at)).steps[0]?.code, 'E_VERIFY_POLICY');
});

test('a file cut short, lengthened or of a later version is refused by name', async (t) => {
  const codeOf = async (bytes: Uint8Array) => (await verify(world, bytes)).steps[0]?.code;
  t.is(await codeOf(open.subarray(0, open.length - 1)), 'E_ARCHIVE_LENGTH');
  t.is(await codeOf(open.subarray(0, 14)), 'E_ARCHIVE_LENGTH');
  t.is(await codeOf(Buffer.concat([open, Buffer.from([0])])), 'E_ARCHIVE_LENGTH');
  const later = new Uint8Array(open);
  later[15] = 2;
  t.is(await codeOf(later), 'E_ARCHIVE_VERSION');
  const long = new Uint8Array(open);
  long[16] = 0x7f;
  t.is(await codeOf(long), 'E_ARCHIVE_LIMIT');
  t.is(await codeOf(new TextEncoder().encode('qej-archivX\n')), 'E_ARCHIVE_MAGIC');
  const twice = await reseal(world, open, (members) => members.set('../x.json', new Uint8Array()));
  t.is(await codeOf(twice), 'E_ARCHIVE_INDEX');
});

test('a policy under which everything would pass is refused', async (t) => {
  const refused = { instanceOf: DomainError, code: 'E_VERIFY_POLICY' };
  await t.throwsAsync(verify(world, open, { roots: [] }), refused);
  await t.throwsAsync(verify(world, open, { quorum: 0 }), refused);
  await t.throwsAsync(verify(world, open, { roots: [new TextEncoder().encode('no certificate')] }), refused);
  await t.throwsAsync(verifyFile(new TextEncoder().encode('hello'), policyOf(world), world.clock.at), {
    instanceOf: DomainError,
    code: 'E_VERIFY_INPUT',
  });
});

test('a member that is not canonical or has an unknown member is refused by name', async (t) => {
  const file = await reseal(
    world,
    open,
    edit('closing.json', (value) => void (value['more'] = 1)),
  );
  const { steps } = await verify(world, file);
  t.is(steps.find(({ id }) => id === 'closing')?.code, 'E_ARCHIVE_MEMBER_FORMAT');
});
