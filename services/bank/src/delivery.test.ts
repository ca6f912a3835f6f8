import anyTest from 'ava';
import type { TestFn } from 'ava';
import { encodeBankMessage } from '@qej/guarantees';
import type { GuarantorEvent } from '@qej/guarantees';
import { formatInstant, plusMs, systemClock, toBase64 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Signer } from '@qej/pki';
import { loadServerSigner } from '@qej/trust';
import { join } from 'node:path';
import type { DeliveryFault } from './deliver-events.ts';
import { startBank } from './start-bank.ts';
import type { RunningBank } from './start-bank.ts';
import { BankWorld } from './testing/bank-world.ts';
import { codeOf, until } from './testing/waiting.ts';
import { certificateOf, obtain, order, reached } from './testing/guarantee-acts.ts';

interface Context {
  world: BankWorld;
  bank: RunningBank;
  seal: Signer;
  fault: { kind: DeliveryFault | undefined };
}
const test = anyTest as TestFn<Context>;
const LOT = '5'.repeat(32);

test.before(async (t) => {
  const world = await BankWorld.open();
  const fault: Context['fault'] = { kind: undefined };
  const config = {
    port: 0,
    directory: world.bankDirectory,
    trustDirectory: world.trustDirectory,
    platform: world.origin,
    isAutomatic: true,
    isBoundToStdin: false,
  };
  // A fault hits the first attempt of an event; the second goes through.
  const faults = ({ attempts }: { attempts: number }) => (attempts === 0 ? fault.kind : undefined);
  const bank = await startBank(config, { clock: systemClock, log: () => undefined, faults });
  world.connect(bank.url);
  world.startWorker();
  t.context = { world, bank, fault, seal: await loadServerSigner(world.bankDirectory, 'bank-seal') };
});
test.after.always(async ({ context }) => {
  await context.world.stopWorker();
  await context.bank.close();
  await context.bank.close();
  await context.world.close();
});

for (const kind of ['twice', 'same-bytes-twice', 'wrong-signature', 'late'] as const) {
  test.serial(`events that arrive ${kind} converge to the same order`, async (t) => {
    const { world, bank, fault } = t.context;
    const bidder = await world.addBidder(`测试公司${kind.length}`);
    fault.kind = kind;
    const { ordered } = await obtain(bidder, bank.url, { lotId: LOT, amount: '60000.00' });
    fault.kind = undefined;
    const events = await world.db.read((tx) =>
      tx.guaranteeEvents.list({ orderId: ordered.orderId }, { orderBy: { eventSeq: 'asc' } }),
    );
    t.deepEqual(
      events.map(({ eventSeq }) => eventSeq),
      [1, 2, 3, 4, 5, 6, 7],
    );
    t.is((await certificateOf(bidder, ordered)).undertaking.amount, '60000.00');
  });
}

async function callback(
  t: Context,
  { event, at, signer, guarantorId }: { event: GuarantorEvent; at: Instant; signer: Signer; guarantorId?: string },
) {
  const message = encodeBankMessage({ type: 'event', guarantorId: guarantorId ?? t.world.bankUscc, at, body: event });
  const signature = await t.world.signBy(signer, 'qej-bank-message/1', message);
  return { message: toBase64(message), signature: toBase64(signature) };
}
async function post(
  t: Context,
  body: { message: string; signature: string },
  guarantorId = t.world.bankUscc,
): Promise<string> {
  const response = await fetch(`${t.world.origin}/api/guarantor-callbacks/${guarantorId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { code?: string; kept?: boolean };
  return response.ok ? (answer.kept === true ? 'kept' : 'ok') : (answer.code ?? 'none');
}

test.serial('a callback is refused by name: signature, sender, time, replay, sequence, order', async (t) => {
  const { world, seal } = t.context;
  const bidder = await world.addBidder('测试公司甲');
  const ordered = await order(bidder, { lotId: LOT, amount: '60000.00' });
  await reached(bidder, ordered, 'quoted');
  const now = systemClock.now();
  const event = (eventSeq: number, state: GuarantorEvent['state'] = 'cancelled'): GuarantorEvent => ({
    orderId: ordered.orderId,
    eventSeq,
    state,
    at: formatInstant(now),
    envelope: null,
    reason: null,
  });
  const send = async (change: Partial<Parameters<typeof callback>[1]> = {}) =>
    post(t.context, await callback(t.context, { event: event(4), at: now, signer: seal, ...change }));
  t.is(await send({ signer: bidder.signer }), 'E_SIGNATURE');
  t.is(await send({ signer: world.seal }), 'E_SIGNATURE');
  t.is(await send({ guarantorId: bidder.uscc }), 'E_SIGNATURE');
  t.is(await send({ at: plusMs(now, -300_500) }), 'E_STALE');
  t.is(await send({ at: plusMs(now, 310_000) }), 'E_STALE');
  t.is(await send({ event: event(99) }), 'E_SEQUENCE');
  t.is(await send({ event: { ...event(4), orderId: 'e'.repeat(32) } }), 'E_NOT_FOUND');
  const signed = await callback(t.context, { event: event(5, 'premium-paid'), at: now, signer: seal });
  t.is(await post(t.context, signed, bidder.uscc), 'E_NOT_FOUND');
  t.is(await post(t.context, signed), 'kept');
  t.is(await post(t.context, signed), 'E_REPLAY');
  t.is(await send({ event: event(5, 'rejected') }), 'E_SEQUENCE');
  t.is((await bidder.client.getGuaranteeOrder({ params: { orderId: ordered.orderId } })).state, 'quoted');
  t.is(await send({ event: event(4, 'premium-pending') }), 'ok');
  const after = await bidder.client.getGuaranteeOrder({ params: { orderId: ordered.orderId } });
  t.deepEqual([after.state, after.eventSeq], ['premium-paid', 5]);
  for (let i = 0; i < 10; i++) t.is(await send({ event: event(4, 'premium-pending') }), 'ok');
});

test.serial('the bank refuses messages that are not the platform’s, not fresh, not new, or not its own', async (t) => {
  const { world, bank } = t.context;
  const bidder = await world.addBidder('测试公司乙');
  const verify = async (change: { signer?: Signer; at?: Instant; guarantorId?: string } = {}) => {
    const { signer = world.seal, at = systemClock.now(), guarantorId = world.bankUscc } = change;
    const message = encodeBankMessage({ type: 'verify', guarantorId, at, body: { number: 'HHSF00000000', code: 'x' } });
    return {
      message: toBase64(message),
      signature: toBase64(await world.signBy(signer, 'qej-bank-message/1', message)),
    };
  };
  const send = async (body: unknown): Promise<string> => {
    const response = await fetch(`${bank.url}/v1/verify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.ok ? 'ok' : ((await response.json()) as { code: string }).code;
  };
  const once = await verify();
  t.is(await send(once), 'ok');
  t.is(await send(once), 'E_REPLAY');
  t.is(await send(await verify({ signer: bidder.signer })), 'E_SIGNATURE');
  t.is(await send(await verify({ at: plusMs(systemClock.now(), -301_000) })), 'E_STALE');
  t.is(await send(await verify({ guarantorId: bidder.uscc })), 'E_SIGNATURE');
  t.is(await send({ message: '!' }), 'E_FORMAT');
  t.is(await send({ ...once, message: '####' }), 'E_FORMAT');
});

test.serial('a reveal with another lot or key is refused, and a release before it too', async (t) => {
  const { world, bank } = t.context;
  const bidder = await world.addBidder('测试公司丙');
  const { ordered, reference } = await obtain(bidder, bank.url, { lotId: LOT, amount: '60000.00' });
  const { makeReferenceBank } = await import('@qej/banking');
  const port = makeReferenceBank({
    url: bank.url,
    guarantorId: world.bankUscc,
    trust: world.trust,
    fetch: globalThis.fetch,
    clock: systemClock,
  });
  const { orderId } = ordered;
  const beneficiary = { name: '招标人', uscc: '91370202000000000X' };
  const revelation = {
    v: 1,
    guaranteeNo: reference.number,
    lotId: LOT,
    lotName: '一标段',
    bidderId: bidder.organizationId,
    k: reference.k,
    beneficiary,
    revealedAt: formatInstant(systemClock.now()),
  } as const;
  const tender = { code: 'T-1', name: '测试项目' };
  const releaseDoc = {
    v: 1,
    releaseId: orderId,
    guaranteeNo: reference.number,
    beneficiary,
    ground: 'contract-signed',
    releasedAt: formatInstant(systemClock.now()),
  } as const;
  t.is(await codeOf(port.release({ orderId, release: releaseDoc })), 'E_STATE');
  t.is(
    await codeOf(port.reveal({ orderId, tender, revelation: { ...revelation, lotId: '6'.repeat(32) } })),
    'E_COMMITMENT',
  );
  t.is(
    await codeOf(port.reveal({ orderId, tender, revelation: { ...revelation, k: '00'.repeat(32) } })),
    'E_COMMITMENT',
  );
  const first = await port.reveal({ orderId, tender, revelation });
  const second = await port.reveal({ orderId, tender, revelation });
  t.deepEqual(second.restored, first.restored);
  t.true(first.isInForce);
  t.is(
    await codeOf(
      port.release({ orderId, release: { ...releaseDoc, beneficiary: { name: '别人', uscc: bidder.uscc } } }),
    ),
    'E_NOT_BENEFICIARY',
  );
  t.is((await port.release({ orderId, release: releaseDoc })).state, 'released');
  t.is((await port.release({ orderId, release: releaseDoc })).state, 'released');
  t.false((await port.reveal({ orderId, tender, revelation })).isInForce);
  await until('event', async () => {
    const { state } = await bidder.client.getGuaranteeOrder({ params: { orderId } });
    return state === 'released' ? state : undefined;
  });
});

test('two starts on one directory keep key and clerk', async (t) => {
  const { world, bank } = t.context;
  const directory = join(world.bankDirectory);
  const again = await startBank(
    {
      port: 0,
      directory,
      trustDirectory: world.trustDirectory,
      platform: world.origin,
      isAutomatic: true,
      isBoundToStdin: false,
    },
    { clock: systemClock, log: () => undefined },
  );
  t.deepEqual(again.clerk, bank.clerk);
  await again.close();
});
