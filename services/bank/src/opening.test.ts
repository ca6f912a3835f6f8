import anyTest from 'ava';
import type { TestFn } from 'ava';
import {
  decideCredit,
  decodeCreditSnapshot,
  encodeCreditDecision,
  readDepositRule,
  waiverPolicies,
} from '@qej/deposits';
import type { DepositDeclaration, GuaranteeReference } from '@qej/deposits';
import {
  canonicalBytes,
  DomainError,
  formatMoney,
  fromBase64,
  newId,
  parseCanonical,
  parseMoney,
  plusMs,
  systemClock,
} from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import { readBidDeposit } from '@qej/usecases';
import { createHash } from 'node:crypto';
import { startBankProcess } from './testing/bank-process.ts';
import type { BankProcess } from './testing/bank-process.ts';
import { BankWorld } from './testing/bank-world.ts';
import { until } from './testing/waiting.ts';
import type { Bidder } from './testing/bank-world.ts';
import { obtain } from './testing/guarantee-acts.ts';

const test = anyTest as TestFn<{ world: BankWorld; running: { bank: BankProcess } }>;
type Tender = Awaited<ReturnType<BankWorld['addTender']>> & { readonly deadline: Instant };
const object = (bytes: Uint8Array) => parseCanonical(bytes) as { readonly [key: string]: Json }; // objects by their schema

test.before(async (t) => {
  const world = await BankWorld.open();
  const bank = await startBankProcess(world);
  world.connect(bank.url);
  world.startWorker();
  t.context = { world, running: { bank } };
});
test.after.always(async ({ context }) => {
  await context.world.stopWorker();
  await context.running.bank.close();
  await context.world.close();
});

async function newTender(world: BankWorld): Promise<Tender> {
  const deadline = plusMs(systemClock.now(), 600_000);
  return { ...(await world.addTender(deadline)), deadline };
}

/** What the bidder computes and seals into its register. */
async function declare(
  bidder: Bidder,
  tender: Tender,
  guarantee: GuaranteeReference | null,
): Promise<DepositDeclaration> {
  const answer = await bidder.client.getCreditSnapshot({});
  const snapshot = fromBase64(answer.snapshot);
  const decision = decideCredit({
    lotId: tender.lotId,
    bidderUscc: bidder.uscc,
    estimate: parseMoney('10000000.00'),
    rule: readDepositRule(tender.notice.deposit),
    snapshots: [
      { sha256: createHash('sha256').update(snapshot).digest('hex'), snapshot: decodeCreditSnapshot(snapshot) },
    ],
    asOf: tender.deadline,
  });
  const policy = waiverPolicies['demo-policy-1'];
  return {
    v: 1,
    decision: object(encodeCreditDecision(decision)),
    credit: { snapshot: object(snapshot), cms: answer.signature },
    commitment: decision.needsCommitment
      ? {
          v: 1,
          lotId: tender.lotId,
          uscc: bidder.uscc,
          amount: formatMoney(decision.waived),
          payDays: policy.commitmentPayDays,
          policyId: policy.id,
        }
      : null,
    guarantee,
  };
}

const review = (world: BankWorld, bidder: Bidder, tender: Tender, deposit: DepositDeclaration) =>
  world.station.review.review({
    notice: tender.notice,
    organizationId: bidder.organizationId,
    uscc: bidder.uscc,
    deposit: deposit as unknown as Json,
    closingAt: tender.deadline,
  });
type Verdict = Awaited<ReturnType<typeof review>>;
const detailOf = (verdict: Verdict) => readBidDeposit(verdict as unknown as Json)?.detail;

/** The opening station's part: the bid becomes public together with its verdict. */
async function publish(world: BankWorld, bidder: Bidder, tender: Tender, verdict: Verdict): Promise<string> {
  const id = newId();
  await world.db.transaction('test', async (tx) => {
    await tx.bids.insert({
      id,
      tenderId: tender.tenderId,
      lotId: tender.lotId,
      messageHash: createHash('sha256').update(id).digest('hex'),
      organizationId: bidder.organizationId,
      state: 'register-opened',
      register: {},
      deposit: verdict as unknown as Json,
      fault: null,
      halves: {},
      opened: null,
      confirmation: null,
      order: 0,
    });
    (await tx.tenders.lock({ id: tender.tenderId })).state = 'decrypting';
  });
  return id;
}
const keptOf = (world: BankWorld, bidId: string) =>
  world.db.read(async (tx) => readBidDeposit((await tx.bids.get({ id: bidId })).deposit));

test.serial(
  'half is waived, half guaranteed: delivered, revealed to the bank after the list, released to the last fen',
  async (t) => {
    const { world, running } = t.context;
    const { bank } = running;
    const tender = await newTender(world);
    const bidder = await world.addBidder('青岛胶州湾港务工程有限公司', 'A');
    const { reference, ordered } = await obtain(bidder, bank.url, { lotId: tender.lotId, amount: '100000.00' });
    const verdict = await review(world, bidder, tender, await declare(bidder, tender, reference));
    t.is(verdict.state, 'submitted');
    t.like(detailOf(verdict), { required: '200000.00', waived: '100000.00', due: '100000.00', findings: [] });
    const bidId = await publish(world, bidder, tender, verdict);
    const revealed = await until('reveal', () => world.db.read((tx) => tx.revealedGuarantees.find({ bidId })));
    t.is(revealed.state, 'verified');
    t.is((await keptOf(world, bidId))?.detail.guarantee?.check, 'verified');
    const document = await world.db.read((tx) => tx.documents.get({ id: revealed.certificateDocumentId ?? '' }));
    t.true(document.bytes > 20_000);
    const { deposits } = world.station;
    const release = () =>
      world.db.transaction('test', (tx) =>
        deposits.releaseDeposits(tx, {
          tenderId: tender.tenderId,
          organizationIds: [bidder.organizationId],
          reason: 'award',
        }),
      );
    const share = () => world.db.read((tx) => deposits.depositOf(tx, tender.tenderId, bidder.organizationId));
    t.deepEqual(await share(), { waived: '100000.00', guaranteed: '100000.00', state: 'held' });
    for (let i = 0; i < 10; i++) await release();
    await until('released', async () => ((await share()).state === 'released' ? true : undefined));
    await until('event', async () => {
      const { state } = await bidder.client.getGuaranteeOrder({ params: { orderId: ordered.orderId } });
      return state === 'released' ? state : undefined;
    });
    await release();
    t.deepEqual(await share(), { waived: '100000.00', guaranteed: '100000.00', state: 'released' });
  },
);

test.serial('a bank that is down at the opening excludes nobody, and the check follows when it is back', async (t) => {
  const { world, running } = t.context;
  const { bank } = running;
  const tender = await newTender(world);
  const bidder = await world.addBidder('威海宏远建设有限公司', 'B');
  const { reference } = await obtain(bidder, bank.url, { lotId: tender.lotId, amount: '200000.00' });
  const declaration = await declare(bidder, tender, reference);
  await bank.close();
  const verdict = await review(world, bidder, tender, declaration);
  t.is(verdict.state, 'submitted');
  const bidId = await publish(world, bidder, tender, verdict);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  t.is((await keptOf(world, bidId))?.detail.guarantee?.check, 'presented');
  t.context.running.bank = await startBankProcess(world, bank.port);
  await until(
    'check',
    async () => ((await keptOf(world, bidId))?.detail.guarantee?.check === 'verified' ? true : undefined),
    45_000,
  );
  t.is((await keptOf(world, bidId))?.state, 'submitted');
});

test.serial('AAA needs no guarantee, and nothing at all without the commitment letter', async (t) => {
  const { world } = t.context;
  const tender = await newTender(world);
  const bidder = await world.addBidder('青岛栈桥市政设施有限公司', 'AAA');
  const declaration = await declare(bidder, tender, null);
  const verdict = await review(world, bidder, tender, declaration);
  t.is(verdict.state, 'submitted');
  t.like(detailOf(verdict), { waived: '200000.00', due: '0.00' });
  const without = await review(world, bidder, tender, { ...declaration, commitment: null });
  t.is(without.state, 'missing');
  t.deepEqual(detailOf(without)?.findings, ['COMMITMENT_LETTER']);
  t.deepEqual(detailOf(without)?.reasons, ['COMMITMENT_MISSING']);
});

test.serial('what is wrong with a declaration costs the part it should, and says so', async (t) => {
  const { world, running } = t.context;
  const { bank } = running;
  const tender = await newTender(world);
  const bidder = await world.addBidder('济南历山建工有限公司', 'A');
  const rival = await world.addBidder('淄博齐都建设有限公司', 'AAA');
  const { reference } = await obtain(bidder, bank.url, { lotId: tender.lotId, amount: '100000.00' });
  const good = await declare(bidder, tender, reference);
  const outcome = async (change: Partial<DepositDeclaration>) => {
    const verdict = await review(world, bidder, tender, { ...good, ...change });
    return [verdict.state, ...(detailOf(verdict)?.findings ?? [])];
  };
  const guarantee = (change: Partial<GuaranteeReference>) => ({ guarantee: { ...reference, ...change } });
  t.deepEqual(await outcome({}), ['submitted']);
  t.deepEqual(await outcome({ guarantee: null }), ['missing']);
  t.deepEqual(await outcome(guarantee({ k: 'ab'.repeat(32) })), ['missing', 'U_COMMITMENT']);
  t.deepEqual(await outcome(guarantee({ number: 'HHSF00000000' })), ['missing', 'GUARANTEE_QR']);
  t.deepEqual(await outcome(guarantee({ guarantorId: '91370202000000000X' })), ['missing', 'GUARANTEE_QR']);
  t.deepEqual(await outcome(guarantee({ orderId: newId() })), ['submitted', 'U_STATUS_UNKNOWN']);
  const better = await declare(rival, tender, null);
  // With somebody else's grade nothing is waived, so the guarantee over half is short.
  t.deepEqual(await outcome({ credit: better.credit }), [
    'missing',
    'CREDIT_SUBJECT',
    'CREDIT_REPLAY',
    'U_AMOUNT_SHORT',
  ]);
  const forged = { snapshot: { ...good.credit?.snapshot, grade: 'AAA' }, cms: good.credit?.cms ?? '' };
  t.deepEqual(await outcome({ credit: forged }), ['missing', 'CREDIT_SIGNATURE', 'CREDIT_REPLAY', 'U_AMOUNT_SHORT']);
  const boasted = { ...good.decision, waived: '150000.00' };
  t.deepEqual(await outcome({ decision: boasted }), ['submitted', 'CREDIT_REPLAY']);
  const error = await t.throwsAsync(review(world, bidder, tender, { ...good, v: 2 } as unknown as DepositDeclaration), {
    instanceOf: DomainError,
  });
  t.is((error as DomainError).code, 'E_FORMAT');
  const other = await newTender(world);
  const elsewhere = await declare(bidder, other, reference);
  t.deepEqual(detailOf(await review(world, bidder, other, elsewhere))?.findings, ['U_COMMITMENT']);
});

test.serial('a guarantee over too little or too short a time is not delivered', async (t) => {
  const { world, running } = t.context;
  const { bank } = running;
  const tender = await newTender(world);
  const bidder = await world.addBidder('青岛大沽河水利工程有限公司', 'B');
  const short = await obtain(bidder, bank.url, { lotId: tender.lotId, amount: '199999.99' });
  const verdict = await review(world, bidder, tender, await declare(bidder, tender, short.reference));
  t.deepEqual([verdict.state, detailOf(verdict)?.findings], ['missing', ['U_AMOUNT_SHORT']]);
  const brief = await obtain(bidder, bank.url, { lotId: tender.lotId, amount: '200000.00', days: 30 });
  const second = await review(world, bidder, tender, await declare(bidder, tender, brief.reference));
  t.deepEqual([second.state, detailOf(second)?.findings], ['missing', ['U_VALIDITY_SHORT']]);
});

test.serial('the declaration of a bidder with both snapshot and guarantee leaves room in the register', async (t) => {
  const { world, running } = t.context;
  const { bank } = running;
  const tender = await newTender(world);
  const bidder = await world.addBidder('山东半岛智慧交通基础设施工程总承包股份有限公司', 'A');
  const { reference } = await obtain(bidder, bank.url, { lotId: tender.lotId, amount: '100000.00' });
  const bytes = canonicalBytes(await declare(bidder, tender, reference));
  t.true(bytes.length < 5_500, `${bytes.length} bytes`);
});
