import test from 'ava';
import { canonicalJson, instant, plusMs } from '@qej/kernel';
import { experts, replaceSheet, sampleLot, scoreSheet } from '../test/sample-lot.ts';
import { voteForChair } from './chair-election.ts';
import { formCommittee, moveMember } from './committee.ts';
import type { Committee } from './committee.ts';
import { evaluateLot } from './evaluate-lot.ts';
import type { LotInputs } from './evaluate-lot.ts';
import { buildReportContent } from './report-content.ts';
import { signingStatuses } from './report-signing.ts';

const now = instant(Date.UTC(2026, 10, 24, 5));

function sittingCommittee(): Committee {
  const seats = experts.map((memberId) => ({ memberId }));
  const steps = ['call', 'accept', 'sign-in', 'declare'] as const;
  const formed = formCommittee({ seats, signInFrom: now }, now);
  const seated = experts.reduce(
    (all, memberId) => steps.reduce((state, event) => moveMember(state, { memberId, event }, now).state, all),
    formed,
  );
  return experts.reduce((state, voterId) => voteForChair(state, { voterId, choiceId: 'e3' }, now).state, seated);
}

const names = {
  members: Object.fromEntries(experts.map((id, place) => [id, `专家${place + 1}`])),
  bids: { a: '甲公司', b: '乙公司', c: '丙公司' },
};

function contentOf(inputs: LotInputs) {
  const acts = {
    signatures: ['e1', 'e2', 'e3', 'e4'].map((memberId) => ({ memberId, at: now })),
    dissents: [{ memberId: 'e4', at: now, reason: '乙公司类似业绩的认定依据不足' }],
    refusals: [{ memberId: 'e5', reasonsUntil: plusMs(now, -1) }],
  };
  const signing = signingStatuses(experts, acts, now).statuses;
  const { criteria, rule, votes, sheets } = inputs;
  const tender = { id: 't', number: 'QD-2026-001', title: '示范工程', tenderee: '示范招标人' };
  const evaluation = evaluateLot(inputs);
  return buildReportContent(
    {
      tender,
      lot: { id: 'l', title: '一标段' },
      criteria,
      rule,
      evaluation,
      committee: sittingCommittee(),
      names,
      votes,
      sheets,
      signing,
    },
    now,
  );
}

const lot = () => sampleLot({ a: '900.00', b: '880.00', c: '860.00' });

test('the report has committee, items, sheets, derivation, ranking, dissent and signatures', (t) => {
  const content = contentOf(lot());
  t.deepEqual(
    content.committee.filter(({ isChair }) => isChair),
    [{ memberId: 'e3', name: '专家3', isChair: true }],
  );
  t.is(content.items.length, 7);
  t.is(content.sheets.length, 15);
  t.deepEqual(
    content.ranking.map(({ bidder, rank, isCandidate }) => [bidder, rank, isCandidate]),
    [
      ['丙公司', 1, true],
      ['乙公司', 2, true],
      ['甲公司', 3, true],
    ],
  );
  t.true(content.derivation.some(({ name, value }) => name === 'benchmark' && value === '836'));
  t.deepEqual(content.dissents, [{ memberId: 'e4', name: '专家4', reason: '乙公司类似业绩的认定依据不足' }]);
  t.deepEqual(
    content.signing.map(({ status }) => status),
    ['signed', 'signed', 'signed', 'dissents', 'deemed-to-agree'],
  );
});

test('the report is canonical JSON and does not depend on the order of the sheets', (t) => {
  const inputs = lot();
  const mixed = { ...inputs, sheets: inputs.sheets.toReversed(), votes: inputs.votes.toReversed() };
  t.is(canonicalJson(contentOf(mixed)), canonicalJson(contentOf(inputs)));
});

test('no report is made while a flag is open, and none with a nameless bid', (t) => {
  const inputs = lot();
  const sheets = replaceSheet(inputs.sheets, scoreSheet('a', 'e2', { record: '9' }));
  t.throws(() => contentOf({ ...inputs, sheets }), { code: 'E_EVALUATION_INCOMPLETE' });
  t.throws(() => contentOf(sampleLot({ a: '900.00', b: '880.00', z: '860.00' })), { code: 'E_EVALUATION_UNKNOWN' });
});

test('who refuses to sign without written reasons agrees once the time for them is over', (t) => {
  const statusAt = (at: typeof now) =>
    signingStatuses(['e5'], { signatures: [], dissents: [], refusals: [{ memberId: 'e5', reasonsUntil: now }] }, at);
  t.deepEqual(statusAt(now), { statuses: [{ memberId: 'e5', status: 'pending' }], isComplete: false });
  t.deepEqual(statusAt(plusMs(now, 1)).statuses, [{ memberId: 'e5', status: 'deemed-to-agree', at: now }]);
  t.true(statusAt(plusMs(now, 1)).isComplete);
});

test('a dissent needs reasons, and only members stand under a report', (t) => {
  const empty = { signatures: [], dissents: [], refusals: [] };
  t.throws(() => signingStatuses(['e1'], { ...empty, dissents: [{ memberId: 'e1', at: now, reason: ' ' }] }, now), {
    code: 'E_COMMITTEE_REASON',
  });
  t.throws(() => signingStatuses(['e1'], { ...empty, signatures: [{ memberId: 'e2', at: now }] }, now), {
    code: 'E_COMMITTEE_MEMBER',
  });
});
