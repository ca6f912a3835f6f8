import { canonicalBytes, fromBase64, parseCanonical, toBase64 } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { getPurpose, signCms } from '@qej/pki';
import { archiveSteps } from '@qej/verifier';
import type { ArchiveStepId } from '@qej/verifier';
import test from 'ava';
import { createHash } from 'node:crypto';
import { evaluateInputs, resultBytes } from '../evaluation/locked-scores.ts';
import type { EvaluationInputs } from '../evaluation/locked-scores.ts';
import { makeArchiveWorld } from './testing/archive-world.ts';
import type { ArchiveWorld } from './testing/archive-world.ts';
import type { People } from './testing/publish-tender.ts';
import { at, codesOf, edit, getArchive, reseal, verify } from './testing/reseal.ts';
import type { Members } from './testing/reseal.ts';
import { runTender } from './testing/run-tender.ts';

let world: ArchiveWorld;
let people: People;
let full: Uint8Array;

test.before(async () => {
  world = await makeArchiveWorld();
  const run = await runTender(world);
  ({ people } = run);
  full = await getArchive(world, run.lot.tenderId, 'full');
});
test.after.always(() => world.close());

type Listed = { [key: string]: Json }[];
const listOf = (value: { [key: string]: Json }, name: string): Listed => value[name] as unknown as Listed;
const flipBase64 = (text: Json | undefined, place: number): string => {
  const bytes = fromBase64(String(text));
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  return toBase64(bytes);
};

interface Lie {
  readonly name: string;
  readonly change: (members: Members) => void;
  /** Step and one of its codes; other steps may find more. */
  readonly found: readonly (readonly [ArchiveStepId, string])[];
}

const swap = (list: Listed): void => void list.splice(0, 2, ...list.slice(0, 2).reverse());

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

function changePdf(members: Members): void {
  const [path = '', pdf = new Uint8Array()] = [...members].find(([name]) => name.startsWith('documents/')) ?? [];
  const changed = new Uint8Array(pdf);
  changed[2_000] = (changed[2_000] ?? 0) ^ 1;
  const sha256 = createHash('sha256').update(changed).digest('hex');
  members.delete(path);
  members.set(`documents/${sha256}`, changed);
  edit('documents.json', (value) => void (at(value, 'documents.0')['sha256'] = sha256))(members);
}

const lies: readonly Lie[] = [
  {
    name: 'another title in the notice',
    change: edit('notice.json', (value) => void (at(value, 'title')['zh'] = '另一个项目')),
    found: [
      ['notice', 'E_CMS_DIGEST'],
      ['notice', 'E_ARCHIVE_LOG'],
      ['acceptances', 'E_ARCHIVE_NOTICE'],
    ],
  },
  {
    name: 'a changed tender document under its own new hash',
    change: changePdf,
    found: [
      ['documents', 'E_ARCHIVE_PDF'],
      ['documents', 'E_ARCHIVE_MEMBER_MISSING'],
    ],
  },
  {
    name: 'a document left out of the list',
    change: edit('documents.json', (value) => void (value['documents'] = [])),
    found: [['documents', 'E_ARCHIVE_PDF']],
  },
  {
    name: 'an acceptance whose proof is not by its key',
    change: edit(
      'acceptances.json',
      (value) => void (at(value, 'acceptances.0')['proof'] = flipBase64(at(value, 'acceptances.0')['proof'], 5)),
    ),
    found: [['acceptances', 'E_ACCEPTANCE']],
  },
  {
    name: 'a holder left out',
    change: edit('acceptances.json', (value) => void listOf(value, 'acceptances').pop()),
    found: [['acceptances', 'E_ACCEPTANCE']],
  },
  {
    name: 'a seal received earlier than it was',
    change: edit('closing.json', (value) => void (at(value, 'entries.0')['receivedAt'] = '2026-08-03T05:59:00.000Z')),
    found: [
      ['closing', 'E_ARCHIVE_CLOSING'],
      ['receipts', 'E_ARCHIVE_RECEIPT'],
      ['bids', 'E_ARCHIVE_BIDS'],
    ],
  },
  {
    name: 'a seal received after the deadline',
    change: edit('closing.json', (value) => void (at(value, 'entries.0')['receivedAt'] = '2026-08-03T07:00:00.001Z')),
    found: [['closing', 'E_ARCHIVE_CLOSING']],
  },
  {
    name: 'a seal left out of the closing set',
    change: edit('closing.json', (value) => void listOf(value, 'entries').pop()),
    found: [
      ['closing', 'E_ARCHIVE_CLOSING'],
      ['receipts', 'E_ARCHIVE_RECEIPT'],
    ],
  },
  {
    name: 'a receipt left out',
    change: edit('receipts.json', (value) => void listOf(value, 'receipts').pop()),
    found: [['receipts', 'E_ARCHIVE_RECEIPT']],
  },
  {
    name: 'a release left out',
    change: edit('releases.json', (value) => void listOf(value, 'releases').shift()),
    found: [
      ['releases', 'E_ARCHIVE_RELEASE'],
      ['registers', 'E_NOT_RELEASED'],
    ],
  },
  {
    name: 'a release with another signature',
    change: edit(
      'releases.json',
      (value) => void (at(value, 'releases.0')['cms'] = at(value, 'releases.1')['cms'] ?? ''),
    ),
    found: [['releases', 'E_CMS_DIGEST']],
  },
  {
    name: 'another price in the table',
    change: edit('bids.json', (value) => void (at(value, 'bids.0')['price'] = '1.00')),
    found: [
      ['bids', 'E_ARCHIVE_BIDS'],
      ['prices', 'E_ARCHIVE_PRICE'],
      ['scores', 'E_ARCHIVE_SCORES'],
    ],
  },
  {
    name: 'another bidder in the list',
    change: edit('bids.json', (value) => void (at(value, 'bids.0')['uscc'] = '91350100M000100Y43')),
    found: [
      ['bids', 'E_ARCHIVE_BIDS'],
      ['registers', 'E_ARCHIVE_REGISTER'],
    ],
  },
  {
    name: 'a bid said to have failed',
    change: edit('bids.json', (value) =>
      Object.assign(at(value, 'bids.0'), { price: null, fault: { party: 'bidder', code: 'E_PRICE_FORMAT' } }),
    ),
    found: [
      ['bids', 'E_ARCHIVE_BIDS'],
      ['prices', 'E_ARCHIVE_PRICE'],
    ],
  },
  {
    name: 'a deposit said to be missing',
    change: edit('bids.json', (value) => void (at(value, 'bids.0')['deposit'] = 'missing')),
    found: [['deposits', 'E_ARCHIVE_DEPOSIT']],
  },
  {
    name: 'another half of a bidder',
    change: edit('seals.json', (value) => {
      for (const half of at(value, 'seals.0')['halves'] as unknown as Listed)
        half['half'] = flipBase64(half['half'], 0);
    }),
    found: [['prices', 'E_BIDDER_HALF']],
  },
  {
    name: 'another register envelope',
    change: edit(
      'seals.json',
      (value) => void (at(value, 'seals.0')['envelope'] = flipBase64(at(value, 'seals.0')['envelope'], 900)),
    ),
    found: [
      ['registers', 'E_REGISTER_HASH'],
      ['prices', 'E_ARCHIVE_PRICE'],
    ],
  },
  {
    name: 'a sealed price stage left out',
    change: (members) => {
      for (const path of members.keys()) if (path.startsWith('objects/')) members.delete(path);
    },
    found: [['prices', 'E_OBJECT']],
  },
  {
    name: 'another coefficient',
    change: edit('draws.json', (value) => void (at(value, 'coefficient')['value'] = '0.99')),
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
        const body = parseCanonical(fromBase64(String(entry['body'])));
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
        checkpoint['note'] = String(checkpoint['note']).split('\n').slice(0, 5).join('\n') + '\n';
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

for (const { name, change, found } of lies) {
  test(`an operator with its own seal cannot pass off: ${name}`, async (t) => {
    const file = await reseal(world, full, change);
    const verdict = await verify(world, file);
    t.false(verdict.ok);
    t.deepEqual(
      codesOf(verdict, 'seal').filter((code) => code !== 'E_CRL_MISSING'),
      [],
      'the seal itself is genuine',
    );
    for (const [step, code] of found)
      t.true(codesOf(verdict, step).includes(code), `${step}: ${codesOf(verdict, step).join(', ')}`);
    t.is(verdict.steps.length, Object.keys(archiveSteps).length, 'no step was left out');
  });
}

test('an archive that somebody else signed is refused', async (t) => {
  const stranger = people.bidders[0];
  if (stranger === undefined) throw new Error('no bidder');
  const sign = async (purpose: string, content: Uint8Array) =>
    new Uint8Array(
      await signCms({
        content,
        detached: true,
        eContentType: getPurpose(purpose).eContentType,
        signer: stranger.signer,
      }),
    );
  const file = await reseal(
    { ...world, ports: { ...world.ports, trust: { ...world.ports.trust, sign } } },
    full,
    () => undefined,
  );
  const verdict = await verify(world, file);
  t.deepEqual(codesOf(verdict, 'seal'), ['E_ARCHIVE_SEAL']);
});

test('another witness, log key, time-stamp policy or time of verification refuses the same file', async (t) => {
  const other = await makeArchiveWorld();
  const { witness, logKey } = other;
  await other.close();
  const unknown = await verify(world, full, { witnesses: [{ vkey: witness.vkey, independent: true }] });
  t.true(codesOf(unknown, 'log').includes('E_COSIGNATURE_QUORUM'));
  t.true(codesOf(await verify(world, full, { logKey }), 'log').includes('E_ARCHIVE_LOG_KEY'));
  t.deepEqual(codesOf(await verify(world, full, { tsaPolicies: ['1.2.3'] }), 'seal'), ['E_TSP_POLICY']);
  const issuer = world.ca.issuers.banks.der;
  t.true(codesOf(await verify(world, full, { roots: [issuer] }), 'seal').includes('E_CERT_UNKNOWN_ISSUER'));
});
