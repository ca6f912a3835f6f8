import type { LogBatch, LogStore, StoredTile, Tile } from '@qej/evidence';
import { DomainError, fromBase64, fromHex, toBase64 } from '@qej/kernel';
import type { Clock } from '@qej/kernel';
import type { Database, Transaction } from '../ports.ts';

const SIZE = 'log-size';
const tileKey = ({ level, index }: { readonly level: number; readonly index: number }): string => `${level}/${index}`;

const sizeIn = async (tx: Transaction): Promise<number> => Number((await tx.settings.find({ id: SIZE }))?.value ?? 0);

async function growTo(tx: Transaction, { fromSize, toSize }: LogBatch<number>): Promise<void> {
  if (fromSize === 0 && (await tx.settings.find({ id: SIZE })) === undefined)
    await tx.settings.insert({ id: SIZE, value: 0 });
  const size = await tx.settings.lock({ id: SIZE });
  if (size.value !== fromSize)
    throw new DomainError('E_LOG_CONFLICT', { detail: `size is ${JSON.stringify(size.value)}, not ${fromSize}` });
  size.value = toSize;
}

async function saveTile(tx: Transaction, tile: StoredTile): Promise<void> {
  const row = await tx.logTiles.find({ path: tileKey(tile) });
  const data = toBase64(tile.hashes);
  if (row === undefined) await tx.logTiles.insert({ path: tileKey(tile), data });
  else row.data = data;
}

/** The log's rows and tiles in the platform's database. */
export function makeLogStore(db: Database, clock: Clock): LogStore<number> {
  return {
    readSize: () => db.read(sizeIn),
    readPending: (limit) =>
      db.read(async (tx) => {
        const rows = await tx.logEntries.list({ seq: null }, { orderBy: { ordinal: 'asc' }, limit });
        return rows.map(({ ordinal, commitment }) => ({ rowId: ordinal ?? -1, commitment: fromHex(commitment) }));
      }),
    integrate: (batch) =>
      db.transaction('log:integrate', async (tx) => {
        await growTo(tx, batch);
        for (const { rowId, seq } of batch.leaves) (await tx.logEntries.get({ ordinal: rowId })).seq = seq;
        for (const tile of batch.tiles) await saveTile(tx, tile);
      }),
    readTile: (tile: Tile) =>
      db.read(async (tx) => {
        const row = await tx.logTiles.find({ path: tileKey(tile) });
        if (row === undefined) throw new DomainError('E_LOG_TILE', { detail: tileKey(tile) });
        return fromBase64(row.data);
      }),
    readCheckpoint: () =>
      db.read(async (tx) => {
        const [row] = await tx.checkpoints.list({}, { orderBy: { size: 'desc' }, limit: 1 });
        return row === undefined ? undefined : { size: row.size, note: row.note };
      }),
    saveCheckpoint: ({ size, note }) =>
      db.transaction('log:checkpoint', async (tx) => {
        const row = await tx.checkpoints.find({ size });
        if (row === undefined) await tx.checkpoints.insert({ size, note, at: clock.now(), cosigned: false });
        else row.note = note;
      }),
  };
}
