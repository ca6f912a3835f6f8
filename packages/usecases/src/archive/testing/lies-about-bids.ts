import { canonicalBytes, fromBase64, parseCanonical, toBase64 } from '@qej/kernel';
import { createHash } from 'node:crypto';
import { flipBase64, listOf, textIn } from './lie.ts';
import type { Lie, Listed } from './lie.ts';
import { at, edit } from './reseal.ts';
import type { Members } from './reseal.ts';

function changePdf(members: Members): void {
  const [path = '', pdf = new Uint8Array()] = [...members].find(([name]) => name.startsWith('documents/')) ?? [];
  const changed = new Uint8Array(pdf);
  changed[2_000] = (changed[2_000] ?? 0) ^ 1;
  const sha256 = createHash('sha256').update(changed).digest('hex');
  members.delete(path);
  members.set(`documents/${sha256}`, changed);
  edit('documents.json', (value) => void (at(value, 'documents.0')['sha256'] = sha256))(members);
}

/** Each is what somebody with database, seal and time stamps, but without other people's keys, could try. */
export const liesAboutBids: readonly Lie[] = [
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
    name: 'an undertaking over more than the guarantor signed',
    change: edit('guarantees.json', (value) => {
      const guarantee = at(value, 'guarantees.0');
      const undertaking = parseCanonical(fromBase64(textIn(guarantee['undertaking']))) as object;
      guarantee['undertaking'] = toBase64(canonicalBytes({ ...undertaking, amount: '9000000.00' }));
    }),
    found: [['deposits', 'E_ARCHIVE_GUARANTEE']],
  },
  {
    name: "a paper of somebody else as the guarantor's certificate",
    change: (members) => {
      const { documents } = JSON.parse(Buffer.from(members.get('documents.json') ?? []).toString()) as {
        documents: { kind: string; sha256: string }[];
      };
      const other = documents.find(({ kind }) => kind === 'tender-document')?.sha256 ?? '';
      edit('guarantees.json', (value) => void (at(value, 'guarantees.0')['certificate'] = other))(members);
    },
    found: [['deposits', 'E_ARCHIVE_GUARANTEE']],
  },
  {
    name: 'a deposit said to be missing',
    change: edit('bids.json', (value) => {
      for (const bid of listOf(value, 'bids')) bid['deposit'] = 'missing';
    }),
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
];
