import { DomainError, fromBase64, fromHex } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { parseSignedData } from '@qej/pki';
import { openStage, parseManifest } from '@qej/sealed-bid';
import type { ContentStage, OpenedRegister, OpenedStage } from '@qej/sealed-bid';
import type { BidRecord, SealRecord } from '../records.ts';
import { faultOf } from './fault.ts';
import type { BidFault } from './fault.ts';
import type { OpeningPorts } from './ports.ts';
import { readPrice, showPrice } from './price-document.ts';
import type { PriceDocument, ShownPrice } from './price-document.ts';
import { openEnvelope } from './read-register.ts';
import type { LotKeys } from './read-register.ts';

/** A file of an opened bid; its content is in the blob store under `sha256`. */
export interface OpenedBidFile {
  /** Counted over all stages of the bid. */
  readonly fileIndex: number;
  readonly stage: ContentStage;
  readonly part: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Kept as `opened` of a bid's row. */
export interface OpenedContent {
  readonly files: readonly OpenedBidFile[];
  /** Member `fields` of the technical record. */
  readonly fields: Json;
  readonly price: ShownPrice | null;
}

export const contentOf = (row: BidRecord): OpenedContent | null => row.opened as unknown as OpenedContent | null; // written by this station alone

export interface BidToOpen {
  readonly row: BidRecord;
  readonly seal: SealRecord;
}

/** The signature was judged when the register was opened; here only the bytes are read. */
function manifestOf(opened: OpenedRegister) {
  const { content } = parseSignedData(fromBase64(opened.record.manifestCms));
  if (content === undefined) throw new DomainError('E_CMS_CONTENT', { detail: 'the manifest is not inside' });
  return parseManifest(content);
}

async function openBidStage(
  ports: OpeningPorts,
  keys: LotKeys,
  { row, seal }: BidToOpen,
  stage: ContentStage,
): Promise<OpenedStage> {
  const register = await openEnvelope(ports, keys, seal);
  const half = (row.halves as { readonly [stage: string]: string })[stage]; // written by releaseHalf alone
  return openStage(ports.provider, {
    stage,
    register,
    manifest: manifestOf(register),
    holders: keys.content[stage].group,
    objects: (id) => ports.objects.get(id),
    released: keys.content[stage].released,
    ...(half === undefined ? {} : { bidderHalf: fromHex(half) }),
  });
}

/** Each file goes to a temporary place and counts only when its last chunk has passed. */
async function keepFiles(
  ports: OpeningPorts,
  opened: OpenedStage,
  stage: ContentStage,
  first: number,
): Promise<OpenedBidFile[]> {
  const kept: OpenedBidFile[] = [];
  for (const file of opened.files) {
    const { sha256, bytes } = await ports.blobs.putChunks(file.chunks());
    const { part, name, mediaType } = file;
    kept.push({ fileIndex: first + kept.length, stage, part, name, mediaType, bytes, sha256 });
  }
  return kept;
}

export type OpenedTechnical = OpenedContent | { readonly fault: BidFault };

/** The technical stage of one bid; what fails here costs this bid alone. */
export async function openTechnical(ports: OpeningPorts, keys: LotKeys, bid: BidToOpen): Promise<OpenedTechnical> {
  try {
    const opened = await openBidStage(ports, keys, bid, 'technical');
    const files = await keepFiles(ports, opened, 'technical', 0);
    return { files, fields: opened.record.fields, price: null };
  } catch (error) {
    return { fault: faultOf(error, 'undetermined', 'technical') };
  }
}

export type OpenedPrice =
  | { readonly document: PriceDocument; readonly content: OpenedContent }
  | { readonly fault: BidFault };

/** The price stage of one bid, its files behind those of the technical stage. */
export async function openPrice(ports: OpeningPorts, keys: LotKeys, bid: BidToOpen): Promise<OpenedPrice> {
  const before = contentOf(bid.row);
  if (before === null) throw new Error('the technical stage comes first');
  try {
    const opened = await openBidStage(ports, keys, bid, 'price');
    const document = readPrice(opened.record.price?.value);
    const files = [...before.files, ...(await keepFiles(ports, opened, 'price', before.files.length))];
    const ceiling = keys.notice.lots.find(({ lotId }) => lotId === keys.lotId)?.ceilingPrice ?? null;
    return { document, content: { ...before, files, price: showPrice(document, ceiling) } };
  } catch (error) {
    return { fault: faultOf(error, 'undetermined', 'price') };
  }
}
