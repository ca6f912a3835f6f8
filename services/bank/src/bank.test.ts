import anyTest from 'ava';
import type { TestFn } from 'ava';
import { verifyPdf } from '@qej/documents';
import { DomainError } from '@qej/kernel';
import { OID, toPem, verifyCms } from '@qej/pki';
import { systemClock } from '@qej/kernel';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBankProcess } from './testing/bank-process.ts';
import type { BankProcess } from './testing/bank-process.ts';
import { BankWorld } from './testing/bank-world.ts';
import { codeOf } from './testing/waiting.ts';
import { certificateOf, obtain, order, pay, prepare, quoteOf, reached, stateOf } from './testing/guarantee-acts.ts';

const test = anyTest as TestFn<{ world: BankWorld; running: { bank: BankProcess } }>;
const LOT = '4'.repeat(32);

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

function inDirectory<T>(use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'qej-certificate-'));
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test.serial(
  'a bidder gets offer and certificate sealed, and the certificate stands before pdfsig, qpdf and our verifier',
  async (t) => {
    const { world, running } = t.context;
    const { bank } = running;
    const bidder = await world.addBidder('青岛远海建设集团有限公司');
    const { issued, ordered } = await obtain(bidder, bank.url, { lotId: LOT, amount: '100000.00' });
    t.is(issued.undertaking.premium, '100.00');
    t.is(issued.undertaking.beneficiary, null);
    const { signer } = await verifyCms({
      cms: issued.undertakingCms,
      content: issued.undertakingBytes,
      eContentType: '2.25.858329860488309518691101171660155242.1.21',
      roots: world.ca.roots,
      intermediates: world.ca.intermediates,
      crls: await world.ca.crls(),
      at: systemClock.now(),
    });
    t.is(signer.profile, 'bank-seal');
    const verdict = await verifyPdf(issued.certificate, {
      verifyCms: async ({ cms, content }) => {
        const request = {
          cms,
          content,
          eContentType: OID.data,
          roots: world.ca.roots,
          crls: await world.ca.crls(),
          at: systemClock.now(),
        };
        const found = await verifyCms(request);
        return { valid: true, signer: found.signer.subject.organization ?? '' };
      },
    });
    t.deepEqual(verdict.failures, []);
    t.like(verdict.signatures[0], { valid: true, certifyLevel: 1, signer: '测试示范银行' });
    inDirectory((directory) => {
      const [file, pem] = [join(directory, 'a.pdf'), join(directory, 'root.pem')];
      writeFileSync(file, issued.certificate);
      writeFileSync(pem, world.ca.roots.map(({ der }) => toPem(der)).join(''));
      execFileSync('certutil', ['-N', '-d', `sql:${directory}`, '--empty-password']);
      execFileSync('certutil', ['-A', '-d', `sql:${directory}`, '-n', 'root', '-t', 'CT,C,C', '-i', pem]);
      const said = execFileSync('pdfsig', ['-nssdir', directory, file], { encoding: 'utf8' });
      t.regex(said, /Signature is Valid\./);
      t.regex(said, /Certificate is Trusted\./);
      t.regex(said, /Total document signed/);
      t.notRegex(execFileSync('qpdf', ['--check', file], { encoding: 'utf8' }), /WARNING|error:/i);
    });
    t.is(await stateOf(bidder, ordered), 'issued');
  },
);

test.serial('the same application again changes nothing, another one under the same id is refused', async (t) => {
  const { world } = t.context;
  const bidder = await world.addBidder('山东泰和路桥工程有限公司');
  const wanted = { lotId: LOT, amount: '90000.00' };
  const first = await order(bidder, wanted);
  for (let i = 0; i < 10; i++) await bidder.client.applyForGuarantee({ body: first.body });
  const other = await prepare(bidder, wanted);
  const body = { ...other.body, orderId: first.orderId };
  t.is(await codeOf(bidder.client.applyForGuarantee({ body })), 'E_IDEMPOTENCY');
  t.is((await bidder.client.listGuaranteeOrders({})).items.length, 1);
  const stranger = await world.addBidder('胶东联合建筑有限公司');
  t.is(await codeOf(stranger.client.applyForGuarantee({ body: first.body })), 'E_IDEMPOTENCY');
  t.is(await codeOf(stranger.client.getGuaranteeOrder({ params: { orderId: first.orderId } })), 'E_NOT_FOUND');
  await reached(bidder, first, 'quoted');
});

test.serial('what is stored and sent between platform and bank names neither lot, amount nor commitment', async (t) => {
  const { world, running } = t.context;
  const { bank } = running;
  const bidder = await world.addBidder('黄海机电安装有限公司');
  const { issued, ordered } = await obtain(bidder, bank.url, { lotId: LOT, amount: '77777.00' });
  const { row, events } = await world.db.read(async (tx) => ({
    row: await tx.guaranteeOrders.get({ id: ordered.orderId }),
    events: await tx.guaranteeEvents.list({ orderId: ordered.orderId }, { orderBy: { eventSeq: 'asc' } }),
  }));
  const messages = events.map(({ message }) => Buffer.from(message, 'base64').toString('utf8')).join('');
  const seen = JSON.stringify(row) + messages;
  for (const secret of [LOT, '77777', issued.number, issued.undertaking.commitment, issued.undertaking.premium])
    t.false(seen.includes(secret), secret);
  t.deepEqual(
    events.map(({ eventSeq }) => eventSeq),
    [1, 2, 3, 4, 5, 6, 7],
  );
});

test.serial('an application signed by another firm is refused to the applicant', async (t) => {
  const { world } = t.context;
  const bidder = await world.addBidder('青岛恒岳土木工程有限公司');
  const other = await world.addBidder('山东齐辉建设有限公司');
  const ordered = await order({ ...bidder, sign: other.sign }, { lotId: LOT, amount: '50000.00' });
  await reached(bidder, ordered, 'rejected');
  const { reason } = await bidder.client.getGuaranteeOrder({ params: { orderId: ordered.orderId } });
  t.regex(reason ?? '', /E_SIGNATURE/);
});

test.serial('an order may be cancelled before it is issued and not afterwards', async (t) => {
  const { world, running } = t.context;
  const { bank } = running;
  const bidder = await world.addBidder('青岛浮山工程技术有限公司');
  const early = await order(bidder, { lotId: LOT, amount: '50000.00' });
  t.is((await bidder.client.cancelGuaranteeOrder({ params: { orderId: early.orderId } })).state, 'cancelled');
  await reached(bidder, early, 'cancelled');
  const { ordered } = await obtain(bidder, bank.url, { lotId: LOT, amount: '50000.00' });
  t.is(await codeOf(bidder.client.cancelGuaranteeOrder({ params: { orderId: ordered.orderId } })), 'E_STATE');
});

test.serial('a wrong payment code opens nothing and the right one pays once', async (t) => {
  const { world, running } = t.context;
  const { bank } = running;
  const bidder = await world.addBidder('烟海建工集团有限公司');
  const ordered = await order(bidder, { lotId: LOT, amount: '50000.00' });
  const { paymentCode } = await quoteOf(bidder, ordered);
  t.is((await pay(bank.url, ordered.orderId, 'AAAAAAAAAAAAAAAA')).status, 404);
  t.is((await pay(bank.url, 'f'.repeat(32), paymentCode)).status, 404);
  const answers = await Promise.all(Array.from({ length: 10 }, () => pay(bank.url, ordered.orderId, paymentCode)));
  t.true(answers.every(({ ok }) => ok));
  await certificateOf(bidder, ordered);
  const { eventSeq } = await bidder.client.getGuaranteeOrder({ params: { orderId: ordered.orderId } });
  t.is(eventSeq, 7);
});

test.serial('a sealed guarantee is told to be genuine, and a wrong code gives nothing', async (t) => {
  const { world, running } = t.context;
  const { bank } = running;
  const bidder = await world.addBidder('青岛明湾水务工程有限公司');
  const { issued } = await obtain(bidder, bank.url, { lotId: LOT, amount: '50000.00' });
  const { number, verificationCode: code } = issued;
  t.deepEqual(await bidder.client.verifyGuarantee({ body: { number, code } }), {
    genuine: true,
    guarantor: '测试示范银行',
  });
  t.deepEqual(await bidder.client.verifyGuarantee({ body: { number, code: '000000000000' } }), { genuine: false });
  for (let i = 0; i < 28; i++) await bidder.client.verifyGuarantee({ body: { number, code: '000000000000' } });
  t.is(await codeOf(bidder.client.verifyGuarantee({ body: { number, code } })), 'E_RATE_LIMIT');
});

test.serial('kill -9 of the bank between any two steps loses and doubles nothing', async (t) => {
  const { world } = t.context;
  const bidder = await world.addBidder('潍坊盛达建设有限公司');
  const ordered = await order(bidder, { lotId: LOT, amount: '50000.00' });
  const again = async (): Promise<void> => {
    const { port } = t.context.running.bank;
    await t.context.running.bank.kill();
    t.context.running.bank = await startBankProcess(world, port);
  };
  await again();
  const { paymentCode } = await quoteOf(bidder, ordered);
  await again();
  t.true((await pay(t.context.running.bank.url, ordered.orderId, paymentCode)).ok);
  await again();
  const issued = await certificateOf(bidder, ordered);
  await again();
  t.is((await bidder.client.getGuaranteeOrder({ params: { orderId: ordered.orderId } })).eventSeq, 7);
  t.is((await certificateOf(bidder, ordered)).number, issued.number);
});

test.serial('while the bank is down an application waits, and goes through when it is back', async (t) => {
  const { world, running } = t.context;
  const { bank } = running;
  const bidder = await world.addBidder('青岛即墨城建有限公司');
  const prepared = await prepare(bidder, { lotId: LOT, amount: '50000.00' });
  await bank.close();
  await bidder.client.applyForGuarantee({ body: prepared.body });
  t.is(await codeOf(bidder.client.cancelGuaranteeOrder({ params: { orderId: prepared.orderId } })), 'E_UNAVAILABLE');
  t.is((await bidder.client.listGuarantors({})).items.length, 1);
  t.is(await stateOf(bidder, prepared), 'submitted');
  t.context.running.bank = await startBankProcess(world, bank.port);
  await reached(bidder, prepared, 'quoted');
});

test.serial(
  'credit: an unknown bureau answer is an outage, a policy is a table, and the snapshot is signed',
  async (t) => {
    const { world } = t.context;
    const bidder = await world.addBidder('山东海岱交通工程有限公司', 'AA');
    const { snapshot, signature } = await bidder.client.getCreditSnapshot({});
    const content = new Uint8Array(Buffer.from(snapshot, 'base64'));
    const cms = new Uint8Array(Buffer.from(signature, 'base64'));
    t.true(cms.length < 1_700, 'small enough for the register');
    await t.notThrowsAsync(world.trust.verify({ purpose: 'qej-credit/1', content, cms, at: systemClock.now() }));
    const changed = content.map((byte, i) => (i === 20 ? byte ^ 1 : byte));
    await t.throwsAsync(world.trust.verify({ purpose: 'qej-credit/1', content: changed, cms, at: systemClock.now() }), {
      instanceOf: DomainError,
    });
    world.isCreditDown = true;
    t.is(await codeOf(bidder.client.getCreditSnapshot({})), 'E_CREDIT_SOURCE');
    world.isCreditDown = false;
    t.is(await codeOf(bidder.client.getCreditPolicy({ params: { policyId: 'none' } })), 'E_NOT_FOUND');
    t.regex((await bidder.client.getCreditPolicy({ params: { policyId: 'demo-policy-1' } })).label.zh, /虚构/);
  },
);
