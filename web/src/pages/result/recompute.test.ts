import {
  comprehensiveCriteria,
  comprehensiveP2Rule,
  evaluateLot,
  parseLotCriteria,
  parseScoringRule,
  passFailItems,
  scoredItems,
} from '@qej/evaluation';
import test from 'ava';
import { recompute } from './recompute.ts';
import type { ComputedResult } from './recompute.ts';

const criteria = parseLotCriteria(comprehensiveCriteria);
const rule = parseScoringRule(comprehensiveP2Rule);
const experts = ['seat-1', 'seat-2', 'seat-3', 'seat-4', 'seat-5'];
const bids = [
  { id: 'a', price: '9200000.00' },
  { id: 'b', price: '8800000.00' },
  { id: 'c', price: '9500000.00' },
];
const parameters = { ceiling: '10000000.00' };
const scoreOf = (bid: number, seat: number): string => String(6 + ((bid + seat) % 3));

/** What the platform tells bidder `a`, from the real evaluation of all three. */
function published(): ComputedResult {
  const pass = Object.fromEntries(passFailItems(criteria).map(({ id }) => [id, { pass: true as const }]));
  const pairs = bids.flatMap(({ id }, bid) => experts.map((expertId, seat) => ({ bidId: id, expertId, bid, seat })));
  const { perBid } = evaluateLot({
    criteria,
    rule,
    parameters,
    experts,
    bids,
    votes: pairs.map(({ bidId, expertId }) => ({ bidId, expertId, verdicts: pass })),
    sheets: pairs.map(({ bidId, expertId, bid, seat }) => ({
      bidId,
      expertId,
      scores: Object.fromEntries(scoredItems(criteria).map(({ id }) => [id, scoreOf(bid, seat)])),
    })),
    reasons: [],
    tieSeed: new Uint8Array(32),
  });
  const own = perBid[0];
  if (own === undefined) throw new Error('three bids were evaluated');
  const { bidId, technical, priceScore, total, perCriterion } = own;
  return {
    bidId,
    technical,
    priceScore,
    total,
    perCriterion,
    criteria: comprehensiveCriteria,
    rule: comprehensiveP2Rule,
    ruleInputs: { parameters, bids: bids.map(({ id, price }) => ({ id, inputs: { price } })) },
  };
}

test('the own marks and the opened prices give the published result again', (t) => {
  const result = published();
  const again = recompute(result);
  t.true(again.agrees);
  t.is(again.technical, result.technical);
  t.is(again.priceScore, result.priceScore);
  t.deepEqual(
    again.steps.filter(({ name }) => name === 'benchmark' || name === 'technical').map(({ scope }) => scope),
    ['set', 'bid'],
  );
});

test('a published score that does not follow from the marks is found out', (t) => {
  const result = published();
  t.false(recompute({ ...result, technical: '59.99' }).agrees);
  t.false(recompute({ ...result, priceScore: '39.99' }).agrees);
  t.false(recompute({ ...result, total: '99.99' }).agrees);
});

test('another price of a competitor gives another price score', (t) => {
  const result = published();
  const other = bids.map(({ id, price }) => ({ id, inputs: { price: id === 'b' ? '7000000.00' : price } }));
  t.false(recompute({ ...result, ruleInputs: { parameters, bids: other } }).agrees);
});

test('a bid that was rejected has no technical score to compute', (t) => {
  const { technical: _technical, priceScore: _priceScore, total: _total, ...rejected } = published();
  const others = bids.slice(1).map(({ id, price }) => ({ id, inputs: { price } }));
  const again = recompute({ ...rejected, perCriterion: [], ruleInputs: { parameters, bids: others } });
  t.true(again.agrees);
  t.is(again.total, undefined);
});
