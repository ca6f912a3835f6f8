import { DomainError, canonicalBytes, instant, parseInstant } from '@qej/kernel';
import test from 'ava';
import { checkNotice } from './check-notice.ts';
import { earliestDeadline } from './check-timetable.ts';
import { defaultTimetable } from './default-timetable.ts';
import { defaultHolders, defaultSets } from './holders.ts';
import { decodeNotice, encodeNotice } from './notice.ts';
import type { Notice } from './notice.ts';
import { rulesVersion } from './rules.ts';
import { SAMPLE_NOW, sampleDemoNotice, sampleNotice } from '../test/sample-notice.ts';
import { resolveDeadline, wallOf } from './wall-time.ts';

const law = rulesVersion('cn-2026');
const errors = (notice: Notice, now = SAMPLE_NOW): readonly string[] =>
  checkNotice(notice, rulesVersion(notice.rulesVersion), now)
    .filter((finding) => finding.severity === 'error')
    .map((finding) => finding.code);

const withDeadline = (at: string, change: Partial<Notice['timetable']> = {}): Notice => {
  const zone = 'Asia/Shanghai';
  const deadline = { wall: wallOf(parseInstant(at), zone), zone, at };
  return sampleNotice({ timetable: { ...sampleNotice().timetable, ...change, deadline } });
};

test('a well-formed notice has no error', (t) => {
  t.deepEqual(errors(sampleNotice()), []);
  t.deepEqual(errors(sampleDemoNotice(SAMPLE_NOW)), []);
});

test('twenty days from issue to deadline: the twentieth day begins at midnight in Qingdao, one second earlier is too early', (t) => {
  const window = {
    documentsUntil: '2026-09-08T00:00:00.000Z',
    questionsUntil: '2026-09-08T00:00:00.000Z',
    objectionsUntil: '2026-09-11T15:59:59.999Z',
  };
  t.deepEqual(errors(withDeadline('2026-09-20T16:00:00.000Z', window)), []);
  t.deepEqual(errors(withDeadline('2026-09-20T15:59:59.000Z', window)), ['N_ISSUE_TO_DEADLINE']);
});

test('under demo rules the boundary is exact to the millisecond', (t) => {
  const notice = sampleDemoNotice(SAMPLE_NOW);
  const deadline = parseInstant(notice.timetable.deadline.at);
  const latest = instant(deadline - 20_000);
  const early = { ...notice.timetable, questionsUntil: notice.timetable.deadline.at };
  const issued = (now: number): readonly string[] => errors({ ...notice, timetable: early }, instant(now));
  t.deepEqual(issued(latest), []);
  t.deepEqual(issued(latest + 1), ['N_ISSUE_TO_DEADLINE']);
});

test('the clock runs from the later of issue and publication', (t) => {
  const notice = sampleNotice();
  t.deepEqual(errors(notice, parseInstant('2026-09-08T15:59:59.999Z')), []);
  t.deepEqual(errors(notice, parseInstant('2026-09-08T16:00:00.000Z')), ['N_ISSUE_TO_DEADLINE']);
});

test('each number of the law is checked with its article', (t) => {
  const time = sampleNotice().timetable;
  const base = sampleNotice();
  const cases: readonly (readonly [Partial<Notice>, string])[] = [
    [{ timetable: { ...time, documentsUntil: '2026-09-05T15:59:59.999Z' } }, 'N_DOCUMENT_WINDOW'],
    [{ timetable: { ...time, objectionsUntil: '2026-09-10T01:00:00.000Z' } }, 'N_OBJECTIONS'],
    [{ timetable: { ...time, publicityDays: 2 } }, 'N_PUBLICITY'],
    [{ timetable: { ...time, contractDays: 31 } }, 'N_CONTRACT_DAYS'],
    [{ committee: { ...base.committee, size: 3, expertSeats: 3 } }, 'N_COMMITTEE_SIZE'],
    [{ committee: { ...base.committee, size: 6, expertSeats: 4 } }, 'N_COMMITTEE_SIZE'],
    [{ committee: { ...base.committee, expertSeats: 3 } }, 'N_COMMITTEE_EXPERTS'],
    [{ deposit: { v: 1, rateBasisPoints: 201, capAmount: '800000.00' } }, 'N_DEPOSIT_RATE'],
    [
      {
        lots: base.lots.map((lot) => ({ ...lot, estimate: '50000000.00' })),
        deposit: { v: 1, rateBasisPoints: 200, capAmount: null },
      },
      'N_DEPOSIT_CAP',
    ],
  ];
  for (const [change, code] of cases) {
    const notice = sampleNotice(change);
    const found = checkNotice(notice, law, SAMPLE_NOW).filter((finding) => finding.severity === 'error');
    t.deepEqual(
      found.map((finding) => finding.code),
      [code],
    );
    t.truthy(found[0]?.article?.zh);
  }
});

test('agency and operator alone open only where there is no third holder', (t) => {
  const notice = sampleNotice();
  const withInsiders = [
    [0, 1],
    [0, 2],
    [1, 2],
  ];
  t.deepEqual(errors({ ...notice, sets: withInsiders }), ['N_SETS_INSIDERS']);
  const two = notice.holders.filter((holder) => holder.role !== 'venue-witness');
  t.deepEqual(errors({ ...notice, holders: two, sets: [[0, 1]] }), []);
});

test('sets that are unsorted, repeated, single or leave a holder out are refused', (t) => {
  for (const sets of [
    [
      [1, 2],
      [0, 1],
    ],
    [
      [1, 0],
      [1, 2],
    ],
    [
      [0, 1],
      [0, 1],
      [1, 2],
    ],
    [[0, 1], [1], [1, 2]],
    [[0, 1]],
    [
      [0, 1],
      [1, 3],
    ],
  ]) {
    t.deepEqual(errors(sampleNotice({ sets })), ['N_SETS'], JSON.stringify(sets));
  }
});

test('a wall time that does not give the stored instant blocks the notice', (t) => {
  const notice = sampleNotice();
  const deadline = { ...resolveDeadline('2026-09-28T09:30', 'Asia/Shanghai'), at: '2026-09-28T01:30:00.001Z' };
  t.deepEqual(errors({ ...notice, timetable: { ...notice.timetable, deadline } }), ['N_DEADLINE_UNRESOLVED']);
});

test('the demo rules say on every notice that they are not the law', (t) => {
  const found = checkNotice(sampleDemoNotice(SAMPLE_NOW), rulesVersion('demo'), SAMPLE_NOW);
  t.true(found.some((finding) => finding.code === 'N_NOT_LAW' && finding.message.zh.includes('不是法律')));
});

test('a coefficient range that is no whole number of steps is refused', (t) => {
  t.deepEqual(errors(sampleNotice({ coefficient: { from: '0.90', to: '0.99', step: '0.02' } })), ['N_COEFFICIENT']);
  t.deepEqual(errors(sampleNotice({ coefficient: { from: '0.99', to: '0.90', step: '0.01' } })), ['N_COEFFICIENT']);
});

test('a notice is read back as it was written, and the format is closed', (t) => {
  const notice = sampleNotice();
  t.deepEqual(decodeNotice(encodeNotice(notice)), notice);
  const { retenderOf: _absent, ...without } = notice;
  for (const wrong of [{ ...notice, extra: 1 }, without, { ...notice, v: 2 }, { ...notice, lots: [] }]) {
    t.throws(() => decodeNotice(canonicalBytes(wrong)), { instanceOf: DomainError, code: 'E_FORMAT' });
  }
});

test('what cannot be meant is refused: repeated lots, foreign stages, zero prices, an unreadable deposit rule, late documents', (t) => {
  const base = sampleNotice();
  const [lot] = base.lots;
  const lots = (change: object): Notice['lots'] => (lot === undefined ? [] : [{ ...lot, ...change }]);
  const time = (change: Partial<Notice['timetable']>): Partial<Notice> => ({
    timetable: { ...base.timetable, ...change },
  });
  const cases: readonly (readonly [Partial<Notice>, readonly string[]])[] = [
    [{ lots: [...base.lots, ...base.lots] }, ['N_LOTS']],
    [{ stages: ['price', 'technical'] }, ['N_STAGES']],
    [{ retenderOf: base.tenderId }, ['N_RETENDER']],
    [{ lots: lots({ estimate: '0.00', ceilingPrice: null }) }, ['N_ESTIMATE']],
    [{ lots: lots({ ceilingPrice: '0.00' }) }, ['N_CEILING_PRICE']],
    [{ deposit: null }, ['N_DEPOSIT_FORM']],
    [{ deposit: { rateBasisPoints: -1, capAmount: null } }, ['N_DEPOSIT_FORM']],
    [{ deposit: { rateBasisPoints: 100, capAmount: 'a lot' } }, ['N_DEPOSIT_FORM']],
    [{ holders: base.holders.map((holder) => ({ ...holder, holderId: base.tenderId })) }, ['N_HOLDERS']],
    [{ committee: { ...base.committee, quotas: [{ specialty: '造价', seats: 5 }] } }, ['N_COMMITTEE_QUOTAS']],
    [time({ documentsUntil: '2026-09-28T01:30:00.001Z' }), ['N_DOCUMENT_WINDOW']],
    [time({ questionsUntil: '2026-09-28T01:30:00.001Z' }), ['N_QUESTIONS']],
    [
      time({ deadline: { wall: '2026-13-28T09:30', zone: 'Asia/Shanghai', at: '2026-09-28T01:30:00.000Z' } }),
      ['N_DEADLINE_UNRESOLVED'],
    ],
  ];
  for (const [change, codes] of cases) t.deepEqual(errors(sampleNotice(change)), codes, JSON.stringify(codes));
  t.deepEqual(errors(base, parseInstant(base.timetable.deadline.at)), ['N_AFTER_DEADLINE']);
});

test('a ceiling price above the estimate and a year without its holiday notice are warnings', (t) => {
  const warnings = (notice: Notice, now: number): readonly string[] =>
    checkNotice(notice, law, instant(now))
      .filter((finding) => finding.severity === 'warning')
      .map((finding) => finding.code);
  const dear = sampleNotice({ lots: sampleNotice().lots.map((lot) => ({ ...lot, ceilingPrice: '10000000.01' })) });
  t.deepEqual(warnings(dear, SAMPLE_NOW), ['N_CEILING_PRICE', 'N_ASSUMPTION']);
  const now = parseInstant('2027-02-01T01:00:00.000Z');
  const timetable = defaultTimetable(law, resolveDeadline('2027-03-01T09:30', 'Asia/Shanghai'), now);
  t.deepEqual(warnings(sampleNotice({ timetable }), now), ['N_HOLIDAYS_UNPUBLISHED', 'N_ASSUMPTION']);
});

test('the default timetable passes with the earliest lawful deadline, and no second earlier', (t) => {
  const earliest = earliestDeadline(law, 'Asia/Shanghai', SAMPLE_NOW);
  const wall = wallOf(parseInstant(earliest), 'Asia/Shanghai');
  const timetable = defaultTimetable(law, resolveDeadline(wall, 'Asia/Shanghai'), SAMPLE_NOW);
  t.deepEqual(errors(sampleNotice({ timetable })), []);
  const early = wallOf(instant(parseInstant(earliest) - 1000), 'Asia/Shanghai');
  const tooEarly = defaultTimetable(law, resolveDeadline(early, 'Asia/Shanghai'), SAMPLE_NOW);
  t.deepEqual(errors(sampleNotice({ timetable: tooEarly })), ['N_ISSUE_TO_DEADLINE']);
});

test('the default holders pass, with the witness in every set', (t) => {
  const name = { zh: '某单位', en: 'Somebody' };
  const { holders, sets } = defaultHolders({ agency: name, venueWitness: name, escrow: name });
  t.deepEqual(sets, [
    [0, 1],
    [1, 2],
  ]);
  t.deepEqual(errors(sampleNotice({ holders, sets })), []);
  t.deepEqual(defaultSets(holders.slice(0, 2)), [[0, 1]]);
});
