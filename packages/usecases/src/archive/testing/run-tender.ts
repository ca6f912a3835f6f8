import { fromBase64, fromHex, newId, parseInstant, toBase64 } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { getPurpose, signCms } from '@qej/pki';
import {
  bidderHalf,
  bytesSource,
  newHolderScalar,
  newSealSecrets,
  prepareSealing,
  scalarDecrypter,
} from '@qej/sealed-bid';
import { awardTender, publishCandidates, signOpeningRecord, signReport } from '@qej/tendering';
import { declarationBytes } from '../../evaluation/member-commands.ts';
import { makeEvaluationHandlers } from '../../evaluation/evaluation-handlers.ts';
import { readLockedScores } from '../../evaluation/locked-scores.ts';
import { input } from '../../evaluation/testing/test-tender.ts';
import { putSeal } from '../../intake/put-seal.ts';
import { appendEntry } from '../../log/append-entry.ts';
import { closeHalves, giveHalves, startLotDecryption } from '../../opening/decryption.ts';
import { drawSeed, makeOpeningDriver, openedBidsOf } from '../../opening/index.ts';
import { registerFactsOf } from '../../opening/open-lot-technical.ts';
import { lockTender, saveTender, tenderOf } from '../../tender/tender-course.ts';
import type { ArchiveWorld, Person } from './archive-world.ts';
import { revealGuarantee } from './bank-guarantee.ts';
import type { IssuedGuarantee } from './bank-guarantee.ts';
import { creditDeclaration } from './deposit-declaration.ts';
import { addPeople, publishTender } from './publish-tender.ts';
import type { People, PublishedLot } from './publish-tender.ts';

interface SealedByBidder {
  readonly bidder: Person;
  readonly decryptScalar: Uint8Array;
}

async function sealAndSend(
  world: ArchiveWorld,
  lot: PublishedLot,
  bidder: Person,
  bid: { price: string; deposit: Json },
): Promise<SealedByBidder> {
  const { ports, clock } = world;
  const { provider } = ports;
  const decryptScalar = await newHolderScalar(provider);
  const bidderKey = await provider.publicKeyOf(decryptScalar);
  const opaqueId = newId();
  const source = bytesSource(new TextEncoder().encode(`技术标 ${bidder.organization.name}`));
  const sealing = await prepareSealing(provider, {
    suite: 'intl',
    noticeHash: lot.noticeHash,
    editionHash: lot.noticeHash,
    lotId: lot.lotId,
    opaqueId,
    opening: 'joint',
    ownerCertificate: bidder.signer.certificate.der,
    ...(bidderKey === undefined ? {} : { bidderKey }),
    register: lot.groups.register,
    stages: [
      {
        stage: 'technical',
        ...lot.groups.technical,
        files: [{ name: '技术标.txt', mediaType: 'text/plain', part: 'main', source }],
        fields: { days: 90 },
      },
      { stage: 'price', ...lot.groups.price, files: [], price: { total: bid.price, periodDays: 300 } },
    ],
    secrets: await newSealSecrets(provider),
  });
  for await (const { id, bytes } of sealing.objects()) await ports.objects.put(id, bytes);
  const { eContentType } = getPurpose('qej-manifest/1');
  const signer = { ...bidder.signer, chain: [] };
  const cms = await signCms({ content: await sealing.manifest(), eContentType, signer });
  const { envelope, message } = await sealing.finish(cms, bid.deposit);
  await ports.registers.put(opaqueId, envelope);
  await putSeal(ports, message, clock.at);
  return { bidder, decryptScalar };
}

async function giveOwnHalves(
  world: ArchiveWorld,
  tenderId: string,
  { bidder, decryptScalar }: SealedByBidder,
): Promise<void> {
  const { ports } = world;
  const row = await ports.db.read((tx) => tx.bids.get({ tenderId, organizationId: bidder.organization.id }));
  const { wrappedSecret, registerContext, stages } = registerFactsOf(row);
  const secret = await scalarDecrypter(ports.provider, decryptScalar).unwrap(
    fromBase64(wrappedSecret),
    fromHex(registerContext),
  );
  const halves = [];
  for (const { stage, context } of stages)
    halves.push({ stage, half: toBase64(await bidderHalf(ports.provider, secret, fromHex(context))) });
  await giveHalves(openingPorts(world), { tenderId, bidId: row.id }, halves, world.as(bidder));
}

const openingPorts = ({ ports }: ArchiveWorld) => ({
  ...ports,
  deposits: {
    review: async ({ deposit }: { readonly deposit: Json }) => ({
      state: 'submitted' as const,
      text: { zh: '已递交', en: 'submitted' },
      detail: deposit,
    }),
  },
});

const prices = ['9200000.00', '9500000.00', '8900000.00'];

/** From the seals to the price table, through intake and opening as they are. */
export async function openTender(
  world: ArchiveWorld,
  people: People,
  lot: PublishedLot,
  bidders = people.bidders,
): Promise<void> {
  const { ports } = world;
  const sealed: SealedByBidder[] = [];
  const guarantees: { bidder: Person; issued: IssuedGuarantee }[] = [];
  for (const [i, bidder] of bidders.entries()) {
    const { deposit, issued } = await creditDeclaration(world, lot, bidder, i === 1 ? 'B' : 'AAA');
    if (issued !== undefined) guarantees.push({ bidder, issued });
    sealed.push(await sealAndSend(world, lot, bidder, { price: prices[i] ?? '', deposit }));
  }
  await ports.log.ticker.run(world.clock.at);
  await ports.log.advance();
  const driver = makeOpeningDriver(openingPorts(world));
  world.pass(parseInstant(lot.notice.timetable.deadline.at) - world.clock.at + 2_000);
  await driver.advance(lot.tenderId);
  world.pass(1_000);
  await lot.release('register', [0, 1]);
  await driver.advance(lot.tenderId);
  if (bidders.length < 3) return;
  for (const { bidder, issued } of guarantees) await revealGuarantee(world, lot.tenderId, bidder, issued);
  await startLotDecryption(openingPorts(world), lot.tenderId, world.as(people.agency));
  await lot.release('technical', [0, 1]);
  for (const one of sealed) await giveOwnHalves(world, lot.tenderId, one);
  await driver.advance(lot.tenderId);
  await closeHalves(openingPorts(world), lot.tenderId, world.as(people.agency));
  await driver.advance(lot.tenderId);
  await lot.release('price', [1, 2]);
  await driver.advance(lot.tenderId);
}

/** Ends the opening as its record does; papers are other tests' matter. */
const endOpening = (world: ArchiveWorld, tenderId: string) =>
  world.ports.db.transaction('test:opened', async (tx) => {
    const record = await lockTender(tx, tenderId);
    saveTender(record, signOpeningRecord(tenderOf(record), 'a'.repeat(64), world.clock.at).state, world.clock.at);
  });

function evaluationHandlers({ ports }: ArchiveWorld) {
  const viewTender = () => Promise.reject(new Error('not asked for in this test'));
  return makeEvaluationHandlers({
    ...ports,
    bids: { openedBidsOf },
    seeds: { drawSeed: (record, purpose) => drawSeed(ports.provider, record, purpose) },
    rooms: { open: async () => undefined, close: async () => undefined, remove: () => undefined },
    viewTender,
  });
}

async function memberOf(world: ArchiveWorld, people: People, tenderId: string, seat: number): Promise<Person> {
  const userId = await world.ports.db.read(async (tx) => {
    const row = await tx.seats.get({ tenderId, seat });
    return (await tx.experts.get({ id: row.expertId })).userId;
  });
  return people.experts.find(({ caller }) => caller.userId === userId) ?? people.agency;
}

const SEATS = [1, 2, 3, 4, 5];

/** Draw, declarations, chair, marks, lock: through the handlers, every act signed. */
export async function evaluateTender(world: ArchiveWorld, people: People, { tenderId }: PublishedLot): Promise<void> {
  await endOpening(world, tenderId);
  const api = evaluationHandlers(world);
  await api.drawCommittee(input({ tenderId }), world.as(people.agency));
  const members = [];
  for (const seat of SEATS) members.push({ seat, person: await memberOf(world, people, tenderId, seat) });
  for (const { seat, person } of members) {
    await api.answerCall(input({ tenderId }, { accept: true }), world.as(person));
    await api.signIn(input({ tenderId }), world.as(person));
    const content = declarationBytes({ tenderId, seat, recuse: false, reason: '' });
    const cms = await world.sign(person, 'qej-declaration/1', content);
    await api.declare(input({ tenderId }, { recuse: false, reason: '', cms }), world.as(person));
  }
  for (const { person } of members) await api.voteChair(input({ tenderId }, { seat: 1 }), world.as(person));
  const chair = members[0]?.person ?? people.agency;
  await api.startEvaluation(input({ tenderId }), world.as(chair));
  const bids = await world.ports.db.read((tx) => openedBidsOf(tx, tenderId));
  for (const { seat, person } of members) {
    for (const [i, { bidId }] of bids.entries()) {
      const marks = [
        { criterionId: 'record', score: String(8 - i) },
        { criterionId: 'method', score: seat % 2 === 0 ? '25.5' : '26' },
        { criterionId: 'team', score: '16' },
      ];
      const passFail = ['signature', 'qualification'].map((itemId) => ({ itemId, pass: true }));
      await api.saveSheet(input({ tenderId, bidId }, { bidId, marks, passFail }), world.as(person));
    }
    const { bytes } = await api.getSheetDigest(input({ tenderId }), world.as(person));
    const cms = await world.sign(person, 'qej-scores/1', fromBase64(bytes));
    await api.submitSheets(input({ tenderId }, { cms }), world.as(person));
  }
  await api.lockScores(input({ tenderId }), world.as(chair));
}

/** Report, candidates and award by the tendering decisions, with the entries of the result station. */
export async function awardWinner(world: ArchiveWorld, { tenderId, lotId }: PublishedLot): Promise<void> {
  const { ports, clock } = world;
  const locked = await readLockedScores(ports.blobs, await ports.db.read((tx) => tx.tenders.get({ id: tenderId })));
  await ports.db.transaction('test:award', async (tx) => {
    const record = await lockTender(tx, tenderId);
    const bids = await openedBidsOf(tx, tenderId);
    const candidates = locked.evaluation.candidates.map(({ bidId, rank, price }) => {
      const bid = bids.find((one) => one.bidId === bidId);
      return { rank, bidId, organizationId: bid?.organizationId ?? '', name: bid?.name ?? '', price };
    });
    const lots = [{ lotId, candidates }];
    const reported = signReport(tenderOf(record), { reportSha256: 'b'.repeat(64), lots }, clock.at).state;
    const published = publishCandidates(reported, clock.at).state;
    const shown = candidates.map(({ organizationId: _id, ...rest }) => rest);
    await appendEntry(tx, {
      type: 'candidates',
      at: clock.at,
      tenderId,
      members: { lots: [{ lotId, candidates: shown }] },
    });
    world.pass(published.publicityEndsAt - clock.at + 1);
    const [first] = candidates;
    if (first === undefined) throw new Error('nobody was ranked');
    const { rank: _rank, ...winner } = first;
    const command = { awards: [{ lotId, ...winner }], awardNoticeSha256: 'c'.repeat(64), reason: null };
    saveTender(record, awardTender(published, command, clock.at).state, clock.at);
    const { organizationId: _id, ...said } = winner;
    await appendEntry(tx, { type: 'award', at: clock.at, tenderId, members: { awards: [{ lotId, ...said }] } });
  });
  await ports.log.advance();
}

/** One whole tender, from the notice to the award. */
export async function runTender(world: ArchiveWorld): Promise<{ people: People; lot: PublishedLot }> {
  const people = await addPeople(world);
  const lot = await publishTender(world, people);
  await openTender(world, people, lot);
  await evaluateTender(world, people, lot);
  await awardWinner(world, lot);
  return { people, lot };
}
