import { DomainError, instant, parseInstant } from '@qej/kernel';
import test from 'ava';
import fc from 'fast-check';
import { earliestAfterDays, endOfDays, endOfWorkingDays, latestBeforeDays } from './day-count.ts';
import { rulesVersion } from './rules.ts';
import { resolveDeadline, wallOf } from './wall-time.ts';

const law = rulesVersion('cn-2026');
const zones = [
  'Asia/Shanghai',
  'Asia/Urumqi',
  'Europe/Berlin',
  'America/St_Johns',
  'Pacific/Apia',
  'Pacific/Kiritimati',
];
const moments = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) }).map(instant);

test('a wall time in Qingdao resolves to UTC plus eight', (t) => {
  t.deepEqual(resolveDeadline('2026-12-20T09:30', 'Asia/Shanghai'), {
    wall: '2026-12-20T09:30',
    zone: 'Asia/Shanghai',
    at: '2026-12-20T01:30:00.000Z',
  });
});

test('a wall time that the zone skips or shows twice is refused', (t) => {
  const resolve = (wall: string, zone: string) => () => resolveDeadline(wall, zone);
  t.throws(resolve('2026-03-29T02:30', 'Europe/Berlin'), { instanceOf: DomainError, code: 'E_WALL_TIME_MISSING' });
  t.throws(resolve('2026-10-25T02:30', 'Europe/Berlin'), { instanceOf: DomainError, code: 'E_WALL_TIME_AMBIGUOUS' });
  t.throws(resolve('2026-04-05T01:45', 'Australia/Lord_Howe'), {
    instanceOf: DomainError,
    code: 'E_WALL_TIME_AMBIGUOUS',
  });
  t.throws(resolve('1986-05-04T02:30', 'Asia/Shanghai'), { instanceOf: DomainError, code: 'E_WALL_TIME_MISSING' });
  t.throws(resolve('2026-02-29T09:30', 'Asia/Shanghai'), { instanceOf: DomainError, code: 'E_WALL_TIME' });
  t.throws(resolve('2026-02-28T24:00', 'Asia/Shanghai'), { instanceOf: DomainError, code: 'E_WALL_TIME' });
  t.throws(resolve('2026-02-28T09:00', 'Asia/Qingdao'), { instanceOf: DomainError, code: 'E_ZONE' });
});

test('every second of a zone resolves to itself, unless it is shown twice', (t) => {
  fc.assert(
    fc.property(moments, fc.constantFrom(...zones), (moment, zone) => {
      const second = instant(Math.floor(moment / 1000) * 1000);
      try {
        t.is(parseInstant(resolveDeadline(wallOf(second, zone), zone).at), second);
      } catch (error) {
        t.true(error instanceof DomainError && error.code === 'E_WALL_TIME_AMBIGUOUS');
      }
    }),
    { numRuns: 150 },
  );
});

test('earliest-after and latest-before are two views of one boundary', (t) => {
  fc.assert(
    fc.property(
      moments,
      moments,
      fc.integer({ min: 0, max: 40 }),
      fc.constantFrom(...zones),
      (from, until, days, zone) => {
        for (const rules of [law, rulesVersion('demo')]) {
          t.is(earliestAfterDays(rules, zone, from, days) <= until, from <= latestBeforeDays(rules, zone, until, days));
          const last = latestBeforeDays(rules, zone, until, days);
          t.true(earliestAfterDays(rules, zone, last, days) <= until);
          t.true(earliestAfterDays(rules, zone, instant(last + 1), days) > until);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('three days of publicity end at midnight after the third day; the first is not counted', (t) => {
  const from = parseInstant('2026-11-23T01:00:00.000Z');
  t.is(endOfDays(law, 'Asia/Shanghai', from, 3), parseInstant('2026-11-26T16:00:00.000Z'));
});

test('a last day on a holiday moves to the next working day, a make-up Saturday counts as one', (t) => {
  const zone = 'Asia/Shanghai';
  t.is(endOfDays(law, zone, parseInstant('2026-09-28T01:00:00.000Z'), 3), parseInstant('2026-10-08T16:00:00.000Z'));
  t.is(endOfDays(law, zone, parseInstant('2026-10-07T01:00:00.000Z'), 3), parseInstant('2026-10-10T16:00:00.000Z'));
});

test('working days skip weekends and holidays and count make-up days', (t) => {
  const zone = 'Asia/Shanghai';
  t.is(
    endOfWorkingDays(law, zone, parseInstant('2026-02-13T01:00:00.000Z'), 2),
    parseInstant('2026-02-24T16:00:00.000Z'),
  );
  t.is(
    endOfWorkingDays(law, zone, parseInstant('2026-11-27T01:00:00.000Z'), 1),
    parseInstant('2026-11-30T16:00:00.000Z'),
  );
});

test('a period only grows with its days', (t) => {
  fc.assert(
    fc.property(moments, fc.integer({ min: 0, max: 30 }), fc.constantFrom(...zones), (from, days, zone) => {
      t.true(endOfDays(law, zone, from, days) <= endOfDays(law, zone, from, days + 1));
      t.true(endOfDays(law, zone, from, days) <= endOfWorkingDays(law, zone, from, days + 1));
      t.true(earliestAfterDays(law, zone, from, days) < endOfDays(law, zone, from, days));
    }),
    { numRuns: 100 },
  );
});
