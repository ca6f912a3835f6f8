import test from 'ava';
import { DomainError, fromBase64, instant, toBase64 } from '@qej/kernel';
import { blindTokens } from '@qej/pki';
import { publishTokenKey, TOKENS_PER_WEEK, WALLET_LENGTH } from '@qej/usecases';
import { addPerson, as, makeWorld } from './testing/world.ts';

const refused = (code: string) => ({ instanceOf: DomainError, code });
const plain = { params: undefined, query: undefined, body: undefined, bytes: undefined };
const world = await makeWorld();
const bidder = await addPerson(world, 'bidder', { name: '甲公司', uscc: '91350101M000100Y43' });

test.after.always(() => world.close());

test.serial('the week’s number of tokens is the same for everybody and renews on Monday', async (t) => {
  const other = await addPerson(world, 'bidder', { name: '乙公司', uscc: '91350102M000100Y43' });
  const pending = await blindTokens(world.issuer.publicKey, 1);
  const blinded = Array.from({ length: TOKENS_PER_WEEK }, () =>
    toBase64(pending[0]?.blindedMessage ?? new Uint8Array(0)),
  );
  const issue = (count: number) =>
    world.app.tokens.issueTokens({ ...plain, body: { blinded: blinded.slice(0, count) } }, as(world, other));
  const both = await Promise.allSettled([issue(5), issue(5)]);
  t.is(both.filter(({ status }) => status === 'fulfilled').length, 1, 'two requests at once do not share the number');
  const { left, renewsAt } = await issue(3);
  t.is(left, 0);
  await t.throwsAsync(issue(1), refused('E_TOKEN_QUOTA'));
  t.is(renewsAt, '2026-11-30T00:00:00.000Z');
  const now = world.clock.at;
  world.clock.at = instant(Date.parse(renewsAt));
  t.is((await issue(TOKENS_PER_WEEK)).left, 0);
  world.clock.at = now;
});

test.serial('the token key stands in the log once, and clients get the same one', async (t) => {
  const ports = { db: world.db, issuer: world.issuer };
  await publishTokenKey(ports, world.clock.now());
  await publishTokenKey(ports, world.clock.now());
  const entries = await world.db.read((tx) => tx.logEntries.list({ type: 'token-key' }));
  t.is(entries.length, 1);
  const key = await world.app.tokens.getTokenKey(plain, { ...as(world, bidder), caller: undefined });
  t.is((JSON.parse(entries[0]?.body ?? '{}') as { keyId: string }).keyId, key.keyId);
});

test.serial('a wallet has one size and is rewritten in place', async (t) => {
  const context = as(world, bidder);
  t.deepEqual(await world.app.tokens.getWallet(plain, context), {});
  const save = (length: number, fill: number) =>
    world.app.tokens.putWallet({ ...plain, body: { blob: toBase64(new Uint8Array(length).fill(fill)) } }, context);
  await t.throwsAsync(save(WALLET_LENGTH - 1, 1), refused('E_WALLET_SIZE'));
  await save(WALLET_LENGTH, 1);
  await save(WALLET_LENGTH, 2);
  const { blob } = await world.app.tokens.getWallet(plain, context);
  t.is(fromBase64(blob ?? '')[0], 2);
});
