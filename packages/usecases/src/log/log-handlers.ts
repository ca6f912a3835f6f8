import { encodeBundle, parseTilePath } from '@qej/evidence';
import { DomainError, formatInstant, fromBase64, fromHex, instant, toBase64, toHex } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import type { Handlers } from '../handlers.ts';
import type { BasePorts, PlatformTrust } from '../ports.ts';
import type { LogEntryRecord } from '../records.ts';
import type { EvidenceLog } from './evidence-log.ts';

export interface LogPorts extends BasePorts {
  readonly log: EvidenceLog;
  readonly trust: PlatformTrust;
  /** RFC 3161 over HTTP: request bytes to response bytes. */
  readonly answerTimestamp: (request: Uint8Array) => Promise<Uint8Array>;
}

const PAGE = 50;

export interface EntryView {
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly tenderId?: string;
  readonly commitment: string;
  readonly salt?: string;
  readonly body?: Json;
}

/** A body that was deleted leaves its commitment, which keeps proving the tree. */
export function viewEntry(row: LogEntryRecord): EntryView {
  return {
    seq: row.seq ?? -1,
    type: row.type,
    at: formatInstant(instant(row.at)),
    commitment: row.commitment,
    ...(row.tenderId === null ? {} : { tenderId: row.tenderId }),
    ...(row.body === null ? {} : { salt: row.salt, body: JSON.parse(row.body) as Json }),
  };
}

const size = (text: string | undefined): number => {
  const value = Number(text ?? -1);
  if (!Number.isSafeInteger(value)) throw new DomainError('E_VALIDATION', { detail: 'after is a sequence number' });
  return value;
};

async function readTile({ db, log }: LogPorts, path: string): Promise<Uint8Array> {
  const tile = parseTilePath(path);
  if (tile.level !== 'entries') {
    const row = await db.read((tx) => tx.logTiles.find({ path: `${tile.level}/${tile.index}` }));
    if (row === undefined) throw new DomainError('E_NOT_FOUND');
    const bytes = fromBase64(row.data);
    if (bytes.length < tile.width * 32) throw new DomainError('E_NOT_FOUND');
    return bytes.slice(0, tile.width * 32);
  }
  const first = tile.index * 256;
  const wanted = Array.from({ length: tile.width }, (_, i) => first + i);
  const rows = await db.read((tx) => tx.logEntries.list({ seq: wanted }, { orderBy: { seq: 'asc' } }));
  const head = await log.latest();
  if (rows.length !== tile.width || first + tile.width > head.size) throw new DomainError('E_NOT_FOUND');
  return encodeBundle(rows.map(({ commitment }) => fromHex(commitment)));
}

export function makeLogHandlers(
  ports: LogPorts,
): Handlers<'getCheckpoint' | 'getTile' | 'listLogEntries' | 'getLogProof' | 'getTrustRoots' | 'timestamp'> {
  const { db, log, trust } = ports;
  return {
    getCheckpoint: async () => ({
      note: (await log.latest()).note,
      origin: log.origin,
      verifierKey: log.vkey,
      witnesses: log.witnesses.map(({ name, vkey, independent }) => ({ name, verifierKey: vkey, independent })),
    }),
    getTile: ({ query }) => readTile(ports, query.path),
    listLogEntries: async ({ query }) => {
      const limit = query.limit ?? PAGE;
      const rows = await db.read((tx) =>
        tx.logEntries.list(query.tenderId === undefined ? {} : { tenderId: query.tenderId }, {
          orderBy: { seq: 'asc' },
          limit,
          after: { member: 'seq', value: size(query.after) },
        }),
      );
      const last = rows.at(-1)?.seq;
      return {
        items: rows.map(viewEntry),
        ...(rows.length === limit && last !== null && last !== undefined ? { next: String(last) } : {}),
      };
    },
    getLogProof: async ({ params, query }) => {
      const head = await log.latest();
      const treeSize = query.size ?? head.size;
      const row = await db.read((tx) => tx.logEntries.get({ seq: params.seq }));
      if (treeSize > head.size || params.seq >= treeSize) throw new DomainError('E_NOT_FOUND');
      const checkpoint = await db.read((tx) => tx.checkpoints.find({ size: treeSize }));
      const proof = await log.reader(treeSize).inclusionProof(params.seq);
      return { entry: viewEntry(row), treeSize, proof: proof.map(toHex), checkpoint: checkpoint?.note ?? '' };
    },
    getTrustRoots: async () => ({
      roots: trust.publicTrust.roots.map(toBase64),
      intermediates: trust.publicTrust.intermediates.map(toBase64),
      crls: (await trust.publicTrust.crls()).map(toBase64),
      tsaCertificates: trust.publicTrust.tsaCertificates.map(toBase64),
      standIn: true,
    }),
    timestamp: ({ bytes }) => ports.answerTimestamp(bytes),
  };
}
