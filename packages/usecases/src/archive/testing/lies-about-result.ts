import { canonicalBytes, fromBase64, parseCanonical, toBase64 } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { evaluateInputs, resultBytes } from '../../evaluation/locked-scores.ts';
import type { EvaluationInputs } from '../../evaluation/locked-scores.ts';
import { listOf, swap, textIn } from './lie.ts';
import type { Lie, Listed } from './lie.ts';
import { at, edit } from './reseal.ts';
import type { Members } from './reseal.ts';

/** A higher mark for the winner, with the result computed anew: all that an operator with the database can do. */
function raiseMark(members: Members): void {
  const inputs = JSON.parse(Buffer.from(members.get('evaluation/inputs.json') ?? []).toString()) as EvaluationInputs;
  const [first, ...rest] = inputs.sheets;
  if (first === undefined) throw new Error('no sheet');
  const sheets = [{ ...first, scores: { ...first.scores, record: '10' } }, ...rest];
  const changed = { ...inputs, sheets };
  members.set('evaluation/inputs.json', canonicalBytes(changed));
  members.set('evaluation/result.json', resultBytes(evaluateInputs(changed)));
}

/** Draws, marks, result, log: the second half of what an operator could try. */
export const liesAboutResult: readonly Lie[] = [
  {
    name: 'another coefficient',
    change: edit('draws.json', (value) => void (at(value, 'coefficient')['value'] = '0.995')),
    found: [['draws', 'E_ARCHIVE_DRAW']],
  },
  {
    name: 'entropies in another order',
    change: edit('draws.json', (value) => swap(value['entropies'] as unknown as Listed)),
    found: [['draws', 'E_ARCHIVE_DRAW']],
  },
  {
    name: 'another expert in the first seat',
    change: edit('draws.json', (value) => {
      const draw = at(value, 'committee.draw');
      draw['selected'] = [0, 1, 2, 4, 5];
    }),
    found: [['draws', 'E_ARCHIVE_DRAW']],
  },
  {
    name: 'another expert among the reserves',
    change: edit('draws.json', (value) => {
      const draw = at(value, 'committee.draw');
      draw['reserves'] = [0];
    }),
    found: [['draws', 'E_DRAW_MISMATCH']],
  },
  {
    name: 'an expert whose facts were changed after the draw',
    change: edit('draws.json', (value) => void (at(value, 'committee.pool.0.facts')['region'] = '110000')),
    found: [['draws', 'E_DRAW_LEAF']],
  },
  {
    name: 'a mark raised and everything computed anew',
    change: raiseMark,
    found: [
      ['scores', 'E_ARCHIVE_SHEET'],
      ['scores', 'E_ARCHIVE_LOG'],
    ],
  },
  {
    name: 'a result that the inputs do not give',
    change: edit('evaluation/result.json', (value) => void (at(value, 'candidates.0')['total'] = '99.99')),
    found: [['scores', 'E_ARCHIVE_SCORES']],
  },
  {
    name: "marks without their expert's signature",
    change: edit('evaluation.json', (value) => void listOf(value, 'submissions').pop()),
    found: [['scores', 'E_ARCHIVE_SHEET']],
  },
  {
    name: 'an expert without a declaration',
    change: edit('evaluation.json', (value) => void listOf(value, 'declarations').pop()),
    found: [['scores', 'E_ARCHIVE_SHEET']],
  },
  {
    name: 'candidates in another order',
    change: edit('result.json', (value) => {
      const [a, b] = [at(value, 'candidates.0'), at(value, 'candidates.1')];
      [a['rank'], b['rank']] = [2, 1];
      swap(listOf(value, 'candidates'));
    }),
    found: [['award', 'E_ARCHIVE_AWARD']],
  },
  {
    name: 'an award to another bidder',
    change: edit('result.json', (value) => {
      const { bidId, organizationId, name, price } = at(value, 'candidates.1');
      value['award'] = { bidId, organizationId, name, price } as Json;
    }),
    found: [['award', 'E_ARCHIVE_AWARD']],
  },
  {
    name: 'the award left out',
    change: edit('result.json', (value) => void (value['award'] = null)),
    found: [['award', 'E_ARCHIVE_AWARD']],
  },
  {
    name: 'another body of a log entry',
    change: edit('log.json', (value) => {
      const entry = listOf(value, 'entries').find(({ type }) => type === 'closing');
      if (entry !== undefined) {
        const body = parseCanonical(fromBase64(textIn(entry['body'])));
        entry['body'] = toBase64(canonicalBytes({ ...(body as object), closingRoot: '0'.repeat(64) }));
      }
    }),
    found: [
      ['log', 'E_ENTRY_COMMITMENT'],
      ['closing', 'E_ARCHIVE_LOG'],
    ],
  },
  {
    name: 'a log entry left out',
    change: edit(
      'log.json',
      (value) =>
        void (value['entries'] = listOf(value, 'entries').filter(({ type }) => type !== 'award') as unknown as Json),
    ),
    found: [['award', 'E_ARCHIVE_AWARD']],
  },
  {
    name: 'a log entry at another place',
    change: edit('log.json', (value) => void (at(value, 'entries.0')['proof'] = at(value, 'entries.1')['proof'] ?? [])),
    found: [['log', 'E_LOG_INCLUSION']],
  },
  {
    name: 'a checkpoint without its witness',
    change: edit('log.json', (value) => {
      for (const checkpoint of listOf(value, 'checkpoints'))
        checkpoint['note'] = textIn(checkpoint['note']).split('\n').slice(0, 5).join('\n') + '\n';
    }),
    found: [
      ['log', 'E_COSIGNATURE_QUORUM'],
      ['closing', 'E_ARCHIVE_CLOSING'],
    ],
  },
  {
    name: 'no revocation lists',
    change: edit('trust.json', (value) => void (value['crls'] = [])),
    found: [
      ['seal', 'E_CRL_MISSING'],
      ['notice', 'E_CRL_MISSING'],
    ],
  },
  {
    name: 'a member that nobody knows',
    change: (members) => void members.set('more.json', canonicalBytes({ v: 1 })),
    found: [['members', 'E_ARCHIVE_MEMBER_UNKNOWN']],
  },
  {
    name: 'a whole part left out',
    change: (members) => void members.delete('releases.json'),
    found: [
      ['releases', 'E_ARCHIVE_MEMBER_MISSING'],
      ['registers', 'E_ARCHIVE_NEEDS'],
    ],
  },
];
