import { api } from '@qej/contract';
import { instant, toBase64 } from '@qej/kernel';
import { getPurpose, OID, signCms } from '@qej/pki';
import { confirmationBytes, openingOf } from '@qej/usecases';
import { halvesOf } from './bids.ts';
import type { SealedBidInHand } from './bids.ts';
import type { Lot } from './lot.ts';
import { addPerson, as, makeWorld } from './world.ts';
import type { Person } from './world.ts';

export const plain = { query: undefined, body: undefined, bytes: undefined };
export const uscc = (n: number): string => `9135010${n}M000100Y43`;

/** The people of an opening; the third bidder is known by the uscc in its certificate alone. */
async function castOf(world: Awaited<ReturnType<typeof makeWorld>>) {
  return {
    agency: await addPerson(world, 'agency', { name: '青岛代理', uscc: uscc(0) }),
    supervisor: await addPerson(world, 'supervisor', { name: '住建局', uscc: uscc(9) }),
    bidders: [
      await addPerson(world, 'bidder', { name: '甲公司', uscc: uscc(1) }),
      await addPerson(world, 'bidder', { name: '乙公司', uscc: uscc(2) }),
      await addPerson(world, 'bidder', { name: '丙公司', uscc: uscc(3), isBound: false }),
      await addPerson(world, 'bidder', { name: '丁公司', uscc: uscc(4) }),
    ] as const,
  };
}

export const world = await makeWorld();
export const { agency, supervisor, bidders } = await castOf(world);

export const record = (lot: Lot) => world.db.read((tx) => tx.tenders.get({ id: lot.tenderId }));
export const stateOf = async (lot: Lot) => openingOf(await record(lot)).state;
/** As the route answers: what the contract does not know is refused. */
export const hallFor = async (lot: Lot, person?: Person) =>
  api.getHall.response.parse(
    await world.app.hall.getHall(
      { ...plain, params: { tenderId: lot.tenderId } },
      { ...as(world, person ?? agency), caller: person?.caller },
    ),
  );
export const asAgency = (lot: Lot) => [{ ...plain, params: { tenderId: lot.tenderId } }, as(world, agency)] as const;

/** Past the deadline by two seconds: the closing is taken, cosigned and fixed. */
export async function close(lot: Lot): Promise<void> {
  world.clock.at = instant(lot.deadline + 2_000);
  await world.app.driver.advance(lot.tenderId);
}

export async function openRegister(lot: Lot): Promise<void> {
  await close(lot);
  await lot.release('register', [0, 1]);
  await world.app.driver.advance(lot.tenderId);
}

export async function give(lot: Lot, bid: SealedBidInHand): Promise<void> {
  const own = (await hallFor(lot, bid.person)).bids.find(({ mine }) => mine);
  if (own?.unwrap === undefined) throw new Error('no bid of this owner');
  const halves = await halvesOf(bid, own.unwrap);
  const params = { tenderId: lot.tenderId, bidId: own.bidId };
  await world.app.hall.releaseHalf({ ...plain, params, body: { halves } }, as(world, bid.person));
}

export async function answer(
  lot: Lot,
  person: Person,
  kind: 'confirmed' | 'objected',
  text?: string,
  signer: Person = person,
): Promise<void> {
  const own = (await hallFor(lot, person)).bids.find(({ mine }) => mine);
  if (own === undefined) throw new Error('no bid of this owner');
  const ids = { tenderId: lot.tenderId, bidId: own.bidId };
  const content = confirmationBytes({ ...ids, kind, text, price: own.price?.total ?? '' });
  const cms = await signCms({
    content,
    detached: true,
    eContentType: getPurpose('qej-confirm/1').eContentType,
    signer: signer.signer,
  });
  const body = { kind, cms: toBase64(cms), ...(text === undefined ? {} : { text }) };
  await world.app.hall.confirmPrice({ ...plain, params: ids, body }, as(world, person));
}

export async function signRecord(documentId: string): Promise<void> {
  const context = as(world, agency);
  const params = { documentId };
  const { preparationId, digest } = await world.app.documents.prepareSignature(
    { ...plain, params, body: { certificate: toBase64(agency.signer.certificate.der) } },
    context,
  );
  const cms = await signCms({
    contentDigest: Buffer.from(digest, 'hex'),
    eContentType: OID.data,
    signer: agency.signer,
  });
  await world.app.documents.completeSignature(
    { ...plain, params, body: { preparationId, cms: toBase64(cms) } },
    context,
  );
}

/** From the closing to the prices; each call goes on where the last one stopped. */
export async function walk(lot: Lot, bids: readonly SealedBidInHand[]): Promise<void> {
  if (world.clock.now() <= lot.deadline) world.clock.at = instant(lot.deadline + 2_000);
  const go = () => world.app.driver.advance(lot.tenderId);
  const released = async (stage: 'register' | 'technical' | 'price') =>
    (await world.db.read((tx) => tx.releases.list({ tenderId: lot.tenderId, stage }))).length > 0;
  await go();
  if (!(await released('register'))) await lot.release('register', [0, 1]);
  await go();
  if ((await stateOf(lot)) === 'list-published') await world.app.hall.startDecryption(...asAgency(lot));
  for (const bid of bids) {
    const own = (await hallFor(lot, bid.person)).bids.find(({ mine }) => mine);
    if ((await stateOf(lot)) === 'decrypting' && own?.state === 'register-opened') await give(lot, bid);
  }
  await go();
  if (!(await released('technical'))) await lot.release('technical', [0, 1]);
  if (!(await released('price'))) await lot.release('price', [0, 1]);
  await go();
}
