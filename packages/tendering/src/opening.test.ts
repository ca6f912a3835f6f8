import { DomainError, instant, money } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import test from 'ava';
import fc from 'fast-check';
import type { Opening, OpeningIn } from './opening.ts';
import { startOpening } from './opening.ts';
import {
  completeHalves,
  fixClosing,
  openRegister,
  releaseHalf,
  revealOwners,
  startWindow,
} from './opening-decisions.ts';
import {
  confirmPrice,
  drawCoefficient,
  priceTable,
  recordTechnical,
  showPrices,
  startConfirming,
} from './price-decisions.ts';
import { answerAtOpening, objectAtOpening, signRecord } from './record-decisions.ts';

const DEADLINE = instant(1_000_000);
const T = (ms: number): Instant => instant(DEADLINE + ms);
const refusedWith = (code: string) => ({ instanceOf: DomainError, code });
const id = (n: number): string => n.toString(16).padStart(32, '0');
const owner = (n: number) => ({ organizationId: id(100 + n), name: `投标人${n}`, uscc: '91350100M000100Y43' });
const HASH = 'f'.repeat(64);

const fresh = (change: Partial<Parameters<typeof startOpening>[0]> = {}): OpeningIn<'awaiting-closing'> =>
  startOpening({
    tenderId: id(1),
    lotId: id(2),
    openingMode: 'joint',
    priceOpening: 'at-opening',
    hasCoefficient: false,
    ...change,
  });

/** Seals of the owners named, received one millisecond after another before the deadline. */
const closingOf = (owners: readonly number[]) => ({
  root: HASH,
  entryHash: HASH,
  deadline: DEADLINE,
  closedAt: T(1),
  cosignatures: [{ witnessId: 'witness', cosignedAt: T(2) }],
  seals: owners.map((_, index) => ({
    opaqueId: id(index),
    messageHash: id(index) + id(index),
    receivedAt: instant(DEADLINE - owners.length + index),
  })),
});

function atRegister(owners: readonly number[], opening: Opening = fresh()): OpeningIn<'register-open'> {
  const fixed = fixClosing(opening, closingOf(owners), T(3)).state;
  const results = owners.map((n, index) => ({ opaqueId: id(index), owner: owner(n), deposit: 'submitted' as const }));
  return openRegister(fixed, results, T(4)).state;
}

function inWindow(owners: readonly number[], opening?: Opening): OpeningIn<'decrypting'> {
  return startWindow(revealOwners(atRegister(owners, opening), 3, T(5)).state, 1000, T(10)).state;
}

test('an opening waits for a closing entry that somebody else cosigned after the deadline', (t) => {
  const closing = closingOf([1, 2, 3]);
  t.throws(() => fixClosing(fresh(), closing, DEADLINE), refusedWith('E_DEADLINE_NOT_REACHED'));
  t.throws(() => fixClosing(fresh(), { ...closing, cosignatures: [] }, T(3)), refusedWith('E_NOT_COSIGNED'));
  const early = [{ witnessId: 'witness', cosignedAt: DEADLINE }];
  t.throws(() => fixClosing(fresh(), { ...closing, cosignatures: early }, T(3)), refusedWith('E_NOT_COSIGNED'));
  const late = closing.seals.map((seal, index) => (index === 0 ? { ...seal, receivedAt: T(1) } : seal));
  t.throws(() => fixClosing(fresh(), { ...closing, seals: late }, T(3)), refusedWith('E_CLOSING_SET'));
});

test('a register result is needed for each seal of the closing set and for nothing else', (t) => {
  const fixed = fixClosing(fresh(), closingOf([1, 2, 3]), T(3)).state;
  const result = (n: number) => ({ opaqueId: id(n), owner: owner(n), deposit: 'submitted' as const });
  t.throws(() => openRegister(fixed, [result(0), result(1)], T(4)), refusedWith('E_CLOSING_SET'));
  t.throws(() => openRegister(fixed, [result(0), result(1), result(9)], T(4)), refusedWith('E_CLOSING_SET'));
  t.throws(() => openRegister(fixed, [result(0), result(1), result(1)], T(4)), refusedWith('E_CLOSING_SET'));
});

test('fewer than three distinct owners: nothing is kept but "<3"', (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 6 }), (owners) => {
      const { state, events } = revealOwners(atRegister(owners), 3, T(5));
      t.is(state.state, 'failed-few');
      const kept = JSON.stringify([state, events]);
      t.false(kept.includes('投标人') || kept.includes('opaqueId') || kept.includes('receivedAt'));
      t.deepEqual({ state, events }, revealOwners(atRegister([]), 3, T(5)));
    }),
    { numRuns: 30 },
  );
});

test('a register that cannot be opened is named only once the list is published, never for a lot that fails', (t) => {
  const openedBy = (owners: readonly number[]) => {
    const fixed = fixClosing(fresh(), closingOf([...owners, 9]), T(3)).state;
    const opened = owners.map((n, index) => ({ opaqueId: id(index), owner: owner(n), deposit: 'submitted' as const }));
    const refused = { opaqueId: id(owners.length), code: 'E_OFFICE_HALF', fault: 'bidder' as const };
    const register = openRegister(fixed, [...opened, refused], T(4));
    return [...register.events, ...revealOwners(register.state, 3, T(5)).events].map((event) => event.type);
  };
  t.deepEqual(openedBy([1, 2, 3]), ['RegisterOpened', 'BidderListPublished', 'BidRefused']);
  t.deepEqual(openedBy([1, 2]), ['RegisterOpened', 'LotFailedFew']);
});

test('of several seals of one owner the latest stands', (t) => {
  const state = atRegister([1, 2, 1, 3, 1]);
  t.deepEqual(
    state.bids.map((bid) => bid.state),
    ['superseded', 'register-opened', 'superseded', 'register-opened', 'register-opened'],
  );
});

test('at the same millisecond the greater message hash stands', (t) => {
  const closing = closingOf([1, 1, 2, 3]);
  const seals = closing.seals.map((seal) => ({ ...seal, receivedAt: DEADLINE }));
  const fixed = fixClosing(fresh(), { ...closing, seals: seals.toReversed() }, T(3)).state;
  const results = [1, 1, 2, 3].map((n, index) => ({
    opaqueId: id(index),
    owner: owner(n),
    deposit: 'submitted' as const,
  }));
  const { bids } = openRegister(fixed, results, T(4)).state;
  t.is(bids.find((bid) => bid.opaqueId === id(1))?.state, 'register-opened');
  t.is(bids.find((bid) => bid.opaqueId === id(0))?.state, 'superseded');
});

test('a half is in time up to the last millisecond of the window, and giving it twice changes nothing', (t) => {
  const opening = inWindow([1, 2, 3]);
  const first = releaseHalf(opening, id(0), T(1010));
  t.is(first.state.bids[0]?.state, 'half-released');
  t.deepEqual(releaseHalf(first.state, id(0), T(1010)), { state: first.state, events: [] });
  t.throws(() => releaseHalf(opening, id(1), T(1011)), refusedWith('E_WINDOW_OVER'));
});

test('halves are complete only when all are in or the window is over; the missing one is deemed by its fault', (t) => {
  const opening = releaseHalf(inWindow([1, 2, 3]), id(0), T(20)).state;
  t.throws(() => completeHalves(opening, {}, T(1010)), refusedWith('E_WINDOW_OPEN'));
  const { state } = completeHalves(opening, { [id(1)]: 'bidder' }, T(1011));
  const [, byBidder, unknown] = state.bids;
  t.like(byBidder, { state: 'half-missing', fault: 'bidder', deemed: 'revoked' });
  t.like(unknown, { state: 'half-missing', fault: 'undetermined', deemed: 'withdrawn' });
});

test('no price is shown while a half is awaited, and all are shown at once', (t) => {
  let opening: Opening = inWindow([1, 2, 3]);
  const price = (n: number) => ({ opaqueId: id(n), price: money(BigInt(100 + n)) });
  t.throws(() => showPrices(opening, [price(0), price(1), price(2)], T(30)), refusedWith('E_STATE'));
  for (const n of [0, 1, 2]) opening = releaseHalf(opening, id(n), T(20)).state;
  opening = completeHalves(opening, {}, T(30)).state;
  t.throws(() => showPrices(opening, [], T(31)), refusedWith('E_PRICES_INCOMPLETE'));
  for (const n of [0, 1, 2]) opening = recordTechnical(opening, { opaqueId: id(n) }, T(32)).state;
  t.throws(() => showPrices(opening, [price(0), price(1)], T(33)), refusedWith('E_PRICES_INCOMPLETE'));
  const { state } = showPrices(
    opening,
    [price(0), { opaqueId: id(1), code: 'E_PRICE_COMMIT', fault: 'bidder' }, price(2)],
    T(33),
  );
  t.deepEqual(
    priceTable(state).map((row) => row.price.amountMinor),
    [100n, 102n],
  );
  t.like(state.bids[1], { state: 'refused', at: 'price', code: 'E_PRICE_COMMIT', deemed: 'revoked' });
});

test('a coefficient in the notice is drawn before the prices', (t) => {
  let opening: Opening = inWindow([1, 2, 3], fresh({ hasCoefficient: true, openingMode: 'group' }));
  opening = completeHalves(opening, {}, T(20)).state;
  for (const n of [0, 1, 2]) opening = recordTechnical(opening, { opaqueId: id(n) }, T(21)).state;
  const prices = [0, 1, 2].map((n) => ({ opaqueId: id(n), price: money(5n) }));
  t.throws(() => showPrices(opening, prices, T(22)), refusedWith('E_COEFFICIENT'));
  const drawn = drawCoefficient(opening, '0.955', T(22)).state;
  t.is(showPrices(drawn, prices, T(23)).state.coefficient, '0.955');
});

test('group mode has no bidder half; joint mode opens nothing without it', (t) => {
  const group = inWindow([1, 2, 3], fresh({ openingMode: 'group' }));
  t.throws(() => releaseHalf(group, id(0), T(20)), refusedWith('E_OPENING_MODE'));
  t.is(recordTechnical(group, { opaqueId: id(0) }, T(20)).state.bids[0]?.state, 'technical-opened');
  t.throws(() => recordTechnical(inWindow([1, 2, 3]), { opaqueId: id(0) }, T(20)), refusedWith('E_STATE'));
});

function confirming(): OpeningIn<'confirming'> {
  let opening: Opening = inWindow([1, 2, 3], fresh({ openingMode: 'group' }));
  opening = completeHalves(opening, {}, T(20)).state;
  for (const n of [0, 1, 2]) opening = recordTechnical(opening, { opaqueId: id(n) }, T(21)).state;
  const shown = showPrices(
    opening,
    [0, 1, 2].map((n) => ({ opaqueId: id(n), price: money(5n) })),
    T(22),
  ).state;
  return startConfirming(shown, 1000, T(30)).state;
}

test('the record waits for every confirmation or the end of the window, and for every answer', (t) => {
  let opening = confirming();
  const objection = { objectionId: id(7), organizationId: owner(1).organizationId, text: '报价读错' };
  opening = objectAtOpening(opening, objection, T(31)).state as OpeningIn<'confirming'>;
  for (const n of [0, 1, 2])
    opening = confirmPrice(opening, { opaqueId: id(n), organizationId: owner(n + 1).organizationId }, T(32)).state;
  t.throws(() => signRecord(opening, HASH, T(33)), refusedWith('E_OBJECTION_OPEN'));
  opening = answerAtOpening(opening, { objectionId: id(7), text: '已更正' }, T(34)).state as OpeningIn<'confirming'>;
  t.is(signRecord(opening, HASH, T(35)).state.state, 'record-signed');
  t.throws(() => signRecord(confirming(), HASH, T(1030)), refusedWith('E_WINDOW_OPEN'));
  t.is(signRecord(confirming(), HASH, T(1031)).state.confirmations.length, 0);
});

test('only its owner confirms a line, and only who is on the list objects', (t) => {
  const opening = confirming();
  t.throws(
    () => confirmPrice(opening, { opaqueId: id(0), organizationId: owner(2).organizationId }, T(31)),
    refusedWith('E_BID_UNKNOWN'),
  );
  t.throws(
    () => objectAtOpening(opening, { objectionId: id(7), organizationId: id(999), text: '异议' }, T(31)),
    refusedWith('E_NOT_ON_LIST'),
  );
});

test('two envelopes: the opening record is signed without a price, and none can be shown', (t) => {
  let opening: Opening = inWindow([1, 2, 3], fresh({ openingMode: 'group', priceOpening: 'after-technical-lock' }));
  opening = completeHalves(opening, {}, T(20)).state;
  for (const n of [0, 1, 2]) opening = recordTechnical(opening, { opaqueId: id(n) }, T(21)).state;
  t.throws(
    () =>
      showPrices(
        opening,
        [0, 1, 2].map((n) => ({ opaqueId: id(n), price: money(5n) })),
        T(22),
      ),
    refusedWith('E_PROCEDURE'),
  );
  t.is(signRecord(opening, HASH, T(23)).state.state, 'record-signed');
});

test('on any walk, no bid has a price before the halves are complete, nor in joint mode without its half in time', (t) => {
  const step = fc.record({ kind: fc.nat(9), n: fc.nat(3), wait: fc.nat(200) });
  let pricesSeen = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), fc.boolean(), (steps, isGroup) => {
      let opening: Opening = inWindow([1, 2, 3, 4], fresh({ openingMode: isGroup ? 'group' : 'joint' }));
      let now = T(10);
      for (const { kind, n, wait } of steps) {
        now = instant(now + wait);
        opening = attempt(opening, kind, n, now);
        const bids = 'bids' in opening ? opening.bids : [];
        const completeAt = 'halvesCompleteAt' in opening ? opening.halvesCompleteAt : null;
        if (completeAt !== null && completeAt <= T(1010)) t.false(bids.some((bid) => bid.state === 'half-missing'));
        for (const bid of bids) {
          if (bid.state !== 'opened') {
            t.false('price' in bid);
            continue;
          }
          pricesSeen++;
          t.not(completeAt, null);
          t.is(bid.halfReleasedAt === null, isGroup);
          t.true((bid.halfReleasedAt ?? 0) <= T(1010));
        }
      }
    }),
    { numRuns: 150 },
  );
  t.true(pricesSeen > 0, 'the walks must reach prices');
});

/** One random command; a refusal leaves the opening as it is. */
function attempt(opening: Opening, kind: number, n: number, now: Instant): Opening {
  const technical = 'bids' in opening ? opening.bids.filter((bid) => bid.state === 'technical-opened') : [];
  const commands: readonly (() => Opening)[] = [
    () => releaseHalf(opening, id(n), now).state,
    () => releaseHalf(opening, id(n), now).state,
    () => recordTechnical(opening, { opaqueId: id(n) }, now).state,
    () => recordTechnical(opening, { opaqueId: id(n) }, now).state,
    () => recordTechnical(opening, { opaqueId: id(n), code: 'E_OFFICE_HALF', fault: 'bidder' }, now).state,
    () => completeHalves(opening, {}, now).state,
    () =>
      showPrices(
        opening,
        technical.map(({ opaqueId }) => ({ opaqueId, price: money(7n) })),
        now,
      ).state,
    () => startConfirming(opening, 100, now).state,
    () => confirmPrice(opening, { opaqueId: id(n), organizationId: owner(n + 1).organizationId }, now).state,
    () => signRecord(opening, HASH, now).state,
  ];
  try {
    return commands[kind % commands.length]?.() ?? opening;
  } catch (error) {
    if (error instanceof DomainError) return opening;
    throw error;
  }
}
