import { makeDemoBidFile } from '@qej/documents';
import { formatInstant, fromUtf8, newId, toBase64, toHex } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { makeAcceptance, holderGroupOf, makeRelease, newHolderScalar, openAcceptance } from '@qej/sealed-bid';
import type { HolderGroup, SignedAcceptance } from '@qej/sealed-bid';
import { encodeNotice } from '@qej/tendering';
import type { Notice } from '@qej/tendering';
import { storeDocument } from '../../documents/create-document.ts';
import { appendPool } from '../../evaluation/pool.ts';
import { draftOf, holder, partyOf } from '../../evaluation/testing/test-tender.ts';
import { appendEntry } from '../../log/append-entry.ts';
import { composeNotice } from '../../tender/compose-notice.ts';
import { sha256Hex } from './archive-world.ts';
import type { ArchiveWorld, Person } from './archive-world.ts';

export const releasedStages = ['register', 'technical', 'price'] as const;
export type ReleasedStage = (typeof releasedStages)[number];

export interface People {
  readonly agency: Person;
  readonly tenderee: Person;
  readonly holders: readonly Person[];
  readonly bidders: readonly Person[];
  readonly experts: readonly Person[];
}

/** Agency, tenderee, three holders, three bidders, and a pool of twelve. */
export async function addPeople(world: ArchiveWorld): Promise<People> {
  const many = (role: 'bidder' | 'expert' | 'witness', names: readonly string[]) =>
    names.reduce<Promise<Person[]>>(
      async (before, name) => [...(await before), await world.addPerson(role, name)],
      Promise.resolve([]),
    );
  const experts = await many(
    'expert',
    Array.from({ length: 12 }, (_, i) => `测试设计院${i}`),
  );
  await world.ports.db.transaction('test:experts', async (tx) => {
    for (const [index, { caller }] of experts.entries())
      await tx.experts.insert({
        id: newId(),
        userId: caller.userId,
        kind: index % 3 === 2 ? 'economic' : 'technical',
        specialty: '市政道路工程',
        region: '370200',
        employer: `测试设计院${index}`,
        employerUscc: experts[index]?.organization.uscc ?? '',
        suspended: false,
        recentCommittees: 0,
        salt: sha256Hex(new TextEncoder().encode(caller.userId)),
      });
  });
  return {
    agency: await world.addPerson('agency', '测试代理公司'),
    tenderee: await world.addPerson('tenderee', '测试招标单位'),
    holders: await many('witness', ['代理持有人', '见证持有人', '托管持有人']),
    bidders: await many('bidder', ['甲建设', '乙建设', '丙建设']),
    experts,
  };
}

export interface PublishedLot {
  readonly tenderId: string;
  readonly lotId: string;
  readonly notice: Notice;
  readonly noticeHash: string;
  readonly groups: Readonly<Record<ReleasedStage, HolderGroup>>;
  release(stage: ReleasedStage, holders: readonly number[]): Promise<void>;
}

async function signedDocument({ ports, clock }: ArchiveWorld, tenderId: string) {
  const pdf = await makeDemoBidFile({ title: '招标文件', megabytes: 0.1, seed: tenderId });
  const bytes = await ports.trust.sealPdf(pdf, { fieldName: 'agency', reason: '签发招标文件', at: clock.at });
  const kind = 'tender-document' as const;
  return storeDocument(ports.blobs, { tenderId, kind, name: '招标文件.pdf', bytes, audience: 'public', at: clock.at });
}

function noticeFor(
  { agency, tenderee }: People,
  ids: { tenderId: string; lotId: string },
  now: ArchiveWorld['clock']['at'],
  document: Notice['document'],
): Notice {
  const draft = { ...draftOf(tenderee.organization.id), coefficient: { from: '0.90', to: '0.99', step: '0.01' } };
  const composed = composeNotice(
    { ...draft, deposit: { ...draft.deposit, creditPolicy: 'demo-policy-1' } },
    {
      ...ids,
      tenderee: partyOf(tenderee.organization),
      agency: partyOf(agency.organization),
      holders: [holder('a', 'agency'), holder('b', 'venue-witness'), holder('c', 'escrow')],
      document,
      attachments: [],
      now,
    },
  );
  return { ...composed, code: `T-${ids.tenderId.slice(0, 12)}` };
}

async function insertTender(world: ArchiveWorld, people: People, notice: Notice): Promise<string> {
  const { ports, clock } = world;
  const bytes = encodeNotice(notice);
  const [noticeHash, now] = [sha256Hex(bytes), clock.at];
  const cms = await world.sign(people.agency, 'qej-notice/1', bytes);
  const closesAt = Date.parse(notice.timetable.deadline.at);
  const { tenderId } = notice;
  await ports.db.transaction('test:tender', async (tx) => {
    const record = await tx.tenders.insert({
      id: tenderId,
      code: notice.code,
      state: 'published',
      version: 1,
      agencyOrganizationId: people.agency.organization.id,
      tendereeOrganizationId: people.tenderee.organization.id,
      createdBy: people.agency.caller.userId,
      draft: {},
      notice: fromUtf8(bytes),
      noticeHash,
      lotId: notice.lots[0]?.lotId ?? '',
      deadline: closesAt,
      publishedAt: now,
      nextCheckAt: closesAt + 1,
      retenderOf: null,
      course: {},
      createdAt: now,
      updatedAt: now,
    });
    await appendPool(tx, record, now);
    const facts: Json = { state: 'published', tenderId, noticeHash, publishedAt: now, closesAt, edition: 1 };
    record.course = { ...record.course, tender: facts, publicationCms: cms };
    const members = {
      noticeHash,
      editionHash: noticeHash,
      documentSha256: notice.document.sha256,
      deadline: notice.timetable.deadline.at,
      rulesVersion: notice.rulesVersion,
      cmsSha256: sha256Hex(Buffer.from(cms, 'base64')),
    };
    await appendEntry(tx, { type: 'notice', at: now, tenderId, members, dedupe: `notice:${tenderId}` });
  });
  return noticeHash;
}

interface HolderKeys {
  readonly group: HolderGroup;
  readonly scalars: readonly Uint8Array[];
  readonly signed: readonly SignedAcceptance[];
}

/** Three acceptances of a stage, signed by their holders, with row and entry as the tender station writes them. */
async function acceptStage(
  world: ArchiveWorld,
  people: People,
  notice: Notice,
  noticeHash: string,
  stage: ReleasedStage,
): Promise<HolderKeys> {
  const { ports, clock } = world;
  const { tenderId } = notice;
  const lotId = notice.lots[0]?.lotId ?? '';
  const holders = notice.holders.map(({ holderId }) => holderId);
  const scalars: Uint8Array[] = [];
  const signed: SignedAcceptance[] = [];
  for (const [i, holderId] of holders.entries()) {
    const scalar = await newHolderScalar(ports.provider);
    const sets = notice.sets.map((set) => [...set]);
    const of = { noticeHash, lotId, stage, holderId, holders, sets, acceptedAt: formatInstant(clock.at) };
    const one = await makeAcceptance(ports.provider, of, scalar);
    const { X } = await openAcceptance(ports.provider, one);
    const cms = await world.sign(people.holders[i] ?? people.agency, 'qej-acceptance/1', one.bytes);
    await ports.db.transaction('test:acceptance', async (tx) => {
      const kept = { acceptance: toBase64(one.bytes), cms, proof: toBase64(one.proof), acceptedAt: clock.at };
      await tx.acceptances.insert({ id: newId(), tenderId, lotId, stage, holderId, publicKey: X, ...kept });
      const members = { lotId, stage, holderId, X, acceptHash: sha256Hex(one.bytes) };
      await appendEntry(tx, { type: 'acceptance', at: clock.at, tenderId, members });
    });
    scalars.push(scalar);
    signed.push(one);
  }
  return { group: await holderGroupOf(ports.provider, signed), scalars, signed };
}

async function releaseOne(
  world: ArchiveWorld,
  people: People,
  lot: { tenderId: string; lotId: string; stage: ReleasedStage },
  keys: HolderKeys,
  index: number,
): Promise<void> {
  const { ports, clock } = world;
  const { tenderId, lotId, stage } = lot;
  const [accepted, scalar] = [keys.signed[index], keys.scalars[index]];
  if (accepted === undefined || scalar === undefined) throw new Error('no such holder');
  const { holderId, ...promise } = await openAcceptance(ports.provider, accepted);
  const closing = await ports.db.read((tx) => tx.logEntries.get({ tenderId, type: 'closing' }));
  const release = makeRelease({ ...promise, holderId }, scalar, closing.commitment);
  const cms = await world.sign(people.holders[index] ?? people.agency, 'qej-release/1', release);
  await ports.db.transaction('test:release', async (tx) => {
    const x = toHex(scalar);
    const kept = { scalar: x, release: toBase64(release), cms, releasedAt: clock.at };
    await tx.releases.insert({ id: newId(), tenderId, lotId, stage, holderId, ...kept });
    const members = { lotId, stage, holderId, x, closingEntryHash: closing.commitment };
    await appendEntry(tx, { type: 'release', at: clock.at, tenderId, members });
  });
}

/** A published tender: signed document and notice, pool and acceptances in the log, a cosigned checkpoint after them. */
export async function publishTender(world: ArchiveWorld, people: People): Promise<PublishedLot> {
  const { ports } = world;
  const ids = { tenderId: newId(), lotId: newId() };
  const document = await signedDocument(world, ids.tenderId);
  const { name, mediaType, bytes: length, sha256 } = document;
  const notice = noticeFor(people, ids, world.clock.at, { name, mediaType, length, sha256 });
  const noticeHash = await insertTender(world, people, notice);
  await ports.db.transaction('test:document', (tx) => tx.documents.insert(document));
  const keys = {
    register: await acceptStage(world, people, notice, noticeHash, 'register'),
    technical: await acceptStage(world, people, notice, noticeHash, 'technical'),
    price: await acceptStage(world, people, notice, noticeHash, 'price'),
  };
  await ports.log.advance();
  return {
    ...ids,
    notice,
    noticeHash,
    groups: { register: keys.register.group, technical: keys.technical.group, price: keys.price.group },
    release: async (stage, holders) => {
      for (const index of holders) await releaseOne(world, people, { ...ids, stage }, keys[stage], index);
    },
  };
}
