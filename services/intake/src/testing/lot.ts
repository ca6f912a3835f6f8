import { formatInstant, fromUtf8, newId, parseInstant, toBase64, toHex } from '@qej/kernel';
import { holderGroupOf, makeAcceptance, makeRelease, newHolderScalar, openAcceptance } from '@qej/sealed-bid';
import type { HolderGroup, SignedAcceptance } from '@qej/sealed-bid';
import { nodeProvider as provider } from '@qej/sealed-bid/node';
import { encodeNotice, nextCheckAt } from '@qej/tendering';
import type { Notice } from '@qej/tendering';
import { appendEntry, openingOf, tenderOf } from '@qej/usecases';
import { makeNotice } from './notice.ts';
import type { LotOptions } from './notice.ts';
import type { Person, World } from './world.ts';

export type ReleasedStage = 'register' | 'technical' | 'price';
const STAGES: readonly ReleasedStage[] = ['register', 'technical', 'price'];

export interface Lot {
  readonly tenderId: string;
  readonly lotId: string;
  readonly notice: Notice;
  readonly noticeHash: string;
  readonly deadline: number;
  readonly groups: Readonly<Record<ReleasedStage, HolderGroup>>;
  /** Publishes the scalars of these holders for a stage, as the release station does. */
  release(stage: ReleasedStage, holders: readonly number[]): Promise<void>;
}

/** The row as the publication leaves it. */
async function insertTender(world: World, agency: Person, notice: Notice): Promise<string> {
  const bytes = encodeNotice(notice);
  const noticeHash = toHex(await provider.hash(bytes));
  const { tenderId } = notice;
  const closesAt = parseInstant(notice.timetable.deadline.at);
  const now = world.clock.now();
  await world.db.transaction('test:tender', async (tx) => {
    const record = await tx.tenders.insert({
      id: tenderId,
      code: notice.code,
      state: 'published',
      version: 1,
      agencyOrganizationId: agency.organization.id,
      tendereeOrganizationId: agency.organization.id,
      createdBy: agency.caller.userId,
      draft: {},
      notice: fromUtf8(bytes),
      noticeHash,
      lotId: lotIdOf(notice),
      deadline: closesAt,
      publishedAt: now,
      nextCheckAt: null,
      retenderOf: null,
      course: { tender: { state: 'published', tenderId, noticeHash, publishedAt: now, closesAt, edition: 1 } },
      createdAt: now,
      updatedAt: now,
    });
    record.nextCheckAt = nextCheckAt(tenderOf(record));
  });
  return noticeHash;
}

const lotIdOf = ({ lots }: Notice): string => lots[0]?.lotId ?? '';

interface StageHolders {
  readonly group: HolderGroup;
  readonly accepted: readonly { readonly signed: SignedAcceptance; readonly scalar: Uint8Array }[];
}

async function acceptStage(
  world: World,
  notice: Notice,
  noticeHash: string,
  stage: ReleasedStage,
): Promise<StageHolders> {
  const lotId = lotIdOf(notice);
  const holders = notice.holders.map(({ holderId }) => holderId);
  const accepted: { signed: SignedAcceptance; scalar: Uint8Array }[] = [];
  for (const holderId of holders) {
    const scalar = await newHolderScalar(provider);
    const acceptedAt = world.clock.now();
    const sets = notice.sets.map((set) => [...set]);
    const of = { noticeHash, lotId, stage, holderId, holders, sets, acceptedAt: formatInstant(acceptedAt) };
    const signed = await makeAcceptance(provider, of, scalar);
    accepted.push({ signed, scalar });
    const { X } = await openAcceptance(provider, signed);
    await world.db.transaction('test:acceptance', (tx) =>
      tx.acceptances.insert({
        id: newId(),
        tenderId: notice.tenderId,
        lotId,
        stage,
        holderId,
        publicKey: X,
        acceptance: toBase64(signed.bytes),
        cms: '',
        proof: toBase64(signed.proof),
        acceptedAt,
      }),
    );
  }
  const group = await holderGroupOf(
    provider,
    accepted.map(({ signed }) => signed),
  );
  return { group, accepted };
}

async function releaseStage(
  world: World,
  notice: Notice,
  { stage, holders, wanted }: { stage: ReleasedStage; holders: StageHolders; wanted: readonly number[] },
): Promise<void> {
  const { tenderId } = notice;
  const opening = openingOf(await world.db.read((tx) => tx.tenders.get({ id: tenderId })));
  const entryHash = 'closing' in opening ? opening.closing.entryHash : '';
  const releasedAt = world.clock.now();
  for (const index of wanted) {
    const chosen = holders.accepted[index];
    if (chosen === undefined) throw new Error('no such holder');
    const { signed, scalar } = chosen;
    const accepted = await openAcceptance(provider, signed);
    const { holderId, lotId } = accepted;
    const release = toBase64(makeRelease(accepted, scalar, entryHash));
    await world.db.transaction('test:release', async (tx) => {
      const row = {
        id: newId(),
        tenderId,
        lotId,
        stage,
        holderId,
        scalar: toHex(scalar),
        release,
        cms: '',
        releasedAt,
      };
      await tx.releases.insert(row);
      await appendEntry(tx, { type: 'release', at: releasedAt, tenderId, members: { lotId, stage, holderId } });
    });
  }
}

/** A published tender with one lot, three holders and their keys. */
export async function publishLot(world: World, agency: Person, options: LotOptions = {}): Promise<Lot> {
  const notice = makeNotice(agency, world.clock.now(), options);
  const noticeHash = await insertTender(world, agency, notice);
  const holders = {} as Record<ReleasedStage, StageHolders>; // filled for every stage below
  for (const stage of STAGES) holders[stage] = await acceptStage(world, notice, noticeHash, stage);
  const { register, technical, price } = holders;
  return {
    tenderId: notice.tenderId,
    lotId: lotIdOf(notice),
    notice,
    noticeHash,
    deadline: parseInstant(notice.timetable.deadline.at),
    groups: { register: register.group, technical: technical.group, price: price.group },
    release: (stage, wanted) => releaseStage(world, notice, { stage, holders: holders[stage], wanted }),
  };
}
