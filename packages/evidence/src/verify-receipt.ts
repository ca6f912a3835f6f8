import { equalBytes, parseCanonical, parseInstant, type Instant } from '@qej/kernel';
import { commitEntry, verifyEntry, type EntryBody } from './entry.ts';
import { refuse } from './errors.ts';
import { parsed } from './members.ts';
import { hashLeaf } from './merkle.ts';
import { verifyInclusion } from './proof.ts';
import { parseReceiptPackage, type ReceiptTick } from './receipt-package.ts';
import { parseReceipt, receiptActHash, type Receipt } from './receipt.ts';
import { parseTickBody, verifyTickProof } from './tick.ts';
import { verifyCheckpoint, type CheckedCheckpoint, type WitnessPolicy } from './verify-checkpoint.ts';

/** What a time-stamp check found. */
export interface CheckedTimestamp {
  readonly at: Instant;
  /** Declared accuracy; 0 if none is declared. */
  readonly accuracyMs: number;
  /** Run by somebody other than the receipt's issuer, by the verifier's own policy. */
  readonly independent: boolean;
}

export interface ReceiptVerification<Signer, Timestamp extends CheckedTimestamp> {
  /** Checks CMS over `content` (chain, usage, signature) and returns who signed; throws otherwise. */
  readonly verifyCms: (cms: Uint8Array, content: Uint8Array) => Promise<Signer>;
  /** Checks an RFC 3161 token over `content`; throws otherwise. */
  readonly verifyTimestamp: (token: Uint8Array, content: Uint8Array) => Promise<Timestamp>;
  readonly witnessPolicy: WitnessPolicy;
  /** Longest time from receipt to stamp, in milliseconds. */
  readonly maxTimestampDelayMs: number;
  /** Refuse a receipt that has no way to the log yet. */
  readonly requireTick: boolean;
  /** Hash of the message in hand; without it only "some hash" is proved. */
  readonly messageHash?: Uint8Array;
}

export type ReceiptStep =
  | 'format'
  | 'message'
  | 'cms'
  | 'timestamp'
  | 'time'
  | 'tick-entry'
  | 'tick'
  | 'checkpoint'
  | 'inclusion';

export interface CheckedReceipt<Signer, Timestamp extends CheckedTimestamp> {
  readonly receipt: Receipt;
  readonly signer: Signer;
  readonly timestamp: Timestamp;
  readonly log?: { readonly tickSeq: number; readonly tickAt: Instant; readonly checkpoint: CheckedCheckpoint };
  /** The steps that were taken, in order; `message` and those of the log only when there was something to check. */
  readonly steps: readonly ReceiptStep[];
}

async function asStep<T>(
  code: 'E_RECEIPT_CMS' | 'E_RECEIPT_TIMESTAMP',
  detail: string,
  check: () => Promise<T>,
): Promise<T> {
  try {
    return await check();
  } catch (cause) {
    return refuse(code, detail, cause);
  }
}

async function verifyTick(tick: ReceiptTick, receipt: Uint8Array, policy: WitnessPolicy) {
  const body = parsed(
    () => parseCanonical(tick.entryBody),
    'E_ENTRY_FORMAT',
    'tick entry is not canonical JSON',
  ) as EntryBody; // commitEntry checks the shape
  const entry = commitEntry(body, tick.entrySalt);
  const { seq, root } = parseTickBody(verifyEntry(entry));
  verifyTickProof({
    act: { hash: receiptActHash(receipt), salt: tick.actSalt },
    slot: tick.slot,
    proof: tick.tickProof,
    root,
  });
  const checkpoint = await verifyCheckpoint(tick.checkpoint, policy);
  verifyInclusion({
    leafHash: hashLeaf(entry.commitment),
    index: tick.leafIndex,
    size: checkpoint.size,
    proof: tick.inclusionProof,
    root: checkpoint.root,
  });
  return { tickSeq: seq, tickAt: parseInstant(body.at), checkpoint };
}

/**
 * Checks a receipt package in named steps; each refusal has its own code. Policies are the caller's, never the package's.
 * @throws DomainError `E_RECEIPT_*`, `E_ENTRY_*`, `E_TICK_*`, `E_LOG_INCLUSION`, `E_NOTE_FORMAT`, `E_CHECKPOINT_*`, `E_COSIGNATURE_*`, `E_WITNESS_POLICY`
 */
export async function verifyReceiptPackage<Signer, Timestamp extends CheckedTimestamp>(
  bytes: Uint8Array,
  checks: ReceiptVerification<Signer, Timestamp>,
): Promise<CheckedReceipt<Signer, Timestamp>> {
  const pack = parseReceiptPackage(bytes);
  const receipt = parseReceipt(pack.receipt);
  const steps: ReceiptStep[] = ['format'];
  if (checks.messageHash !== undefined) {
    if (!equalBytes(receipt.messageHash, checks.messageHash))
      refuse('E_RECEIPT_MESSAGE', 'the receipt is for another message');
    steps.push('message');
  }
  const signer = await asStep('E_RECEIPT_CMS', 'the signature is not valid', () =>
    checks.verifyCms(pack.cms, pack.receipt),
  );
  const timestamp = await asStep('E_RECEIPT_TIMESTAMP', 'the time stamp is not valid', () =>
    checks.verifyTimestamp(pack.timestampToken, pack.receipt),
  );
  const delayMs = timestamp.at - receipt.receivedAt;
  if (delayMs < -timestamp.accuracyMs || delayMs > checks.maxTimestampDelayMs + timestamp.accuracyMs) {
    refuse('E_RECEIPT_TIME', `stamped ${delayMs} ms after receipt`);
  }
  steps.push('cms', 'timestamp', 'time');
  if (pack.tick === undefined) {
    if (checks.requireTick) refuse('E_RECEIPT_TICK_MISSING', 'the receipt has no way to the log yet');
    return { receipt, signer, timestamp, steps };
  }
  const log = await verifyTick(pack.tick, pack.receipt, checks.witnessPolicy);
  return { receipt, signer, timestamp, log, steps: [...steps, 'tick-entry', 'tick', 'checkpoint', 'inclusion'] };
}
