import type { Json } from '@qej/kernel';
import { canonicalJson } from '@qej/kernel';
import type { Member } from '../archive-members.ts';
import { refuse } from '../codes.ts';
import { absent, needed } from '../report.ts';
import type { Check, StepResult } from '../report.ts';
import type { ClosingFacts } from './closing.ts';
import { hasReached } from './context.ts';
import type { BaseFacts, Context } from './context.ts';
import { entriesOf, getEntry } from './log.ts';
import type { LogFacts } from './log.ts';

type Bids = Member<'bids.json'>;
type Row = Readonly<Record<string, Json>>;
const rowsOf = (value: Json | undefined): readonly Row[] => (Array.isArray(value) ? (value as readonly Row[]) : []);

/** The list of bidders is the one that the log published right after the registers were opened. */
function checkOwners({ bids, refused }: Bids, log: LogFacts, closing: ClosingFacts | undefined): void {
  const { body } = getEntry(log, 'owners-published');
  if (closing?.entries !== undefined && canonicalJson(body['entries']) !== canonicalJson(closing.entries))
    refuse('E_ARCHIVE_BIDS', 'the log published another closing set');
  const owners = rowsOf(body['owners']);
  for (const { messageHash, name, uscc } of bids)
    if (!owners.some((one) => one['messageHash'] === messageHash && one['name'] === name && one['uscc'] === uscc))
      refuse('E_ARCHIVE_BIDS', `${name} is not in the list that the log published`);
  for (const { messageHash } of owners)
    if (!bids.some((bid) => bid.messageHash === messageHash))
      refuse('E_ARCHIVE_BIDS', 'a published bidder is left out');
  if (canonicalJson(rowsOf(body['refused'])) !== canonicalJson(refused))
    refuse('E_ARCHIVE_BIDS', 'other refused registers than the log published');
}

/** The price table is the one that the log showed to everybody at once. */
function checkTable({ bids }: Bids, log: LogFacts): void {
  const rows = rowsOf(getEntry(log, 'prices-shown').body['rows']);
  const priced = bids.filter(({ price }) => price !== null);
  if (rows.length !== priced.length) refuse('E_ARCHIVE_BIDS', 'the log shows another number of prices');
  for (const { messageHash, name, price } of priced) {
    const shown = rows.find((row) => row['messageHash'] === messageHash)?.['price'] as Row | undefined;
    if (shown?.['total'] !== price) refuse('E_ARCHIVE_BIDS', `the log shows another price of ${name}`);
  }
}

/** Bidders and prices as the public saw them. */
export async function checkBids(
  { archive }: Context,
  { base, closing }: { base: BaseFacts; closing: ClosingFacts | undefined },
  check: Check,
): Promise<StepResult<undefined>> {
  if (!archive.has('bids.json') && !hasReached(archive, 'decrypting')) return absent('no bidder was published');
  const log = needed(base.log, 'log');
  const bids = archive.member('bids.json');
  await check('bidders', () => checkOwners(bids, log, closing));
  if (entriesOf(log, 'prices-shown').length > 0 || hasReached(archive, 'prices-open'))
    await check('price table', () => checkTable(bids, log));
  for (const { body } of entriesOf(log, 'bid-refused'))
    await check(`refusal ${JSON.stringify(body['messageHash'])}`, () => {
      const bid = bids.bids.find(({ messageHash }) => messageHash === body['messageHash']);
      if (bid === undefined || bid.fault?.code !== body['code'])
        refuse('E_ARCHIVE_BIDS', 'the log names another reason for the refusal of this bid');
    });
  return { value: undefined, detail: `${bids.bids.length} bids, ${bids.refused.length} refused` };
}
