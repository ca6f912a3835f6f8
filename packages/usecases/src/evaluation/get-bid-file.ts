import { DomainError } from '@qej/kernel';
import type { AuthenticatedContext } from '../handlers.ts';
import { appendEntry } from '../log/append-entry.ts';
import type { Transaction } from '../ports.ts';
import { callerSeat } from './committee-course.ts';
import { sha256Hex } from './draw-committee.ts';
import type { EvaluationPorts, OpenedBid, OpenedFile } from './ports.ts';

interface Wanted {
  readonly tenderId: string;
  readonly bidId: string;
  readonly fileIndex: number;
}

/** Committee members once they have declared, the bidder its own, the supervisor with a line in the log; nobody else. */
async function mayRead(
  tx: Transaction,
  bid: OpenedBid,
  { tenderId, caller }: { tenderId: string; caller: AuthenticatedContext['caller'] },
): Promise<boolean> {
  if (caller.role === 'supervisor') return true;
  if (caller.role === 'bidder') return bid.organizationId === caller.organizationId;
  if (caller.role !== 'expert') return false;
  const { state } = await callerSeat(tx, tenderId, caller);
  return state === 'declared' || state === 'released';
}

async function logLook(ports: EvaluationPorts, wanted: Wanted, { caller, now }: AuthenticatedContext): Promise<void> {
  const who = await sha256Hex(new TextEncoder().encode(`${wanted.tenderId}/${caller.userId}`));
  await ports.db.transaction('evaluation:look', (tx) =>
    appendEntry(tx, {
      type: 'supervisor-look',
      at: now,
      tenderId: wanted.tenderId,
      members: { what: 'bid-file', bidId: wanted.bidId, fileIndex: wanted.fileIndex, who },
    }),
  );
}

/** @throws DomainError `E_NOT_FOUND`, `E_FORBIDDEN` */
export async function getBidFile(
  ports: EvaluationPorts,
  wanted: Wanted,
  context: AuthenticatedContext,
): Promise<Uint8Array> {
  const file = await ports.db.read(async (tx): Promise<OpenedFile> => {
    const bids = await ports.bids.openedBidsOf(tx, wanted.tenderId);
    const bid = bids.find(({ bidId }) => bidId === wanted.bidId);
    if (bid === undefined) throw new DomainError('E_NOT_FOUND');
    if (!(await mayRead(tx, bid, { tenderId: wanted.tenderId, caller: context.caller })))
      throw new DomainError('E_FORBIDDEN');
    const found = bid.files.find(({ fileIndex }) => fileIndex === wanted.fileIndex);
    if (found === undefined) throw new DomainError('E_NOT_FOUND');
    return found;
  });
  if (context.caller.role === 'supervisor') await logLook(ports, wanted, context);
  return ports.blobs.get(file.sha256);
}
