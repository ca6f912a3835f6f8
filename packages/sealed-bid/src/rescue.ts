import { canonicalBytes, equalBytes, fromBase64, fromHex, parseCanonical, toBase64 } from '@qej/kernel';
import { bidderCommit, bidderHalf } from './content-keys.ts';
import { refusal } from './errors.ts';
import type { CryptoProvider } from './provider.ts';
import { suites } from './provider.ts';
import { base64, closed, hash32, id, list, oneOf, version, type ReadBy } from './schema.ts';
import { contentStages, type ContentStage } from './stages.ts';

const rescueStage = closed({ stage: oneOf(contentStages), ctx: hash32, cb: hash32 });
const rescueFile = closed({
  v: version(1),
  purpose: oneOf(['qej-rescue']),
  suite: oneOf(suites),
  lotId: id,
  bidNonce: hash32,
  B: base64,
  stages: list(rescueStage, contentStages.length),
});

/** Kept by the bidder alone: with it the halves can be given without the encryption certificate. */
export type RescueFile = ReadBy<typeof rescueFile>;

export const encodeRescue = (
  of: Omit<RescueFile, 'v' | 'purpose' | 'B'>,
  secret: Uint8Array,
): Uint8Array<ArrayBuffer> => canonicalBytes({ ...of, v: 1, purpose: 'qej-rescue', B: toBase64(secret) });

/** @throws DomainError `E_FORMAT`, `E_VERSION`, `E_RESCUE` when B has not 32 bytes */
export function parseRescue(bytes: Uint8Array): RescueFile {
  const read = rescueFile(parseCanonical(bytes), 'rescue');
  if (fromBase64(read.B).length !== 32) throw refusal('E_RESCUE', { detail: 'B has 32 bytes' });
  return read;
}

/** b of one stage, checked against the file's own cb. @throws DomainError `E_RESCUE` */
export async function rescueHalf(provider: CryptoProvider, of: RescueFile, stage: ContentStage): Promise<Uint8Array> {
  const entry = of.stages.find((candidate) => candidate.stage === stage);
  if (entry === undefined) throw refusal('E_RESCUE', { detail: `no stage ${stage}` });
  const b = await bidderHalf(provider, fromBase64(of.B), fromHex(entry.ctx));
  if (!equalBytes(await bidderCommit(provider, fromHex(entry.ctx), b), fromHex(entry.cb)))
    throw refusal('E_RESCUE', { detail: 'B does not fit cb' });
  return b;
}
