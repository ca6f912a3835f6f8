import { concatBytes, equalBytes } from '@qej/kernel';
import { refuse } from './errors.ts';
import { MemoryFrontier } from './frontier.ts';
import { TileReader, type TileSource } from './tile-reader.ts';
import { TILE_HEIGHT, TILE_WIDTH, tileWidthAt } from './tiles.ts';

/** A tile as the database keeps it: `hashes` holds width × 32 bytes. */
export interface StoredTile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
  readonly hashes: Uint8Array<ArrayBuffer>;
}

/** All that appending needs: the frontier, and the hashes of the partial tile of each tile level. */
export interface LogEdge {
  readonly frontier: MemoryFrontier;
  readonly partial: readonly (readonly Uint8Array[])[];
}

/**
 * The edge of a tree of `size` leaves, read from its rightmost tiles.
 * @throws DomainError `E_LOG_TILE`
 */
export async function readEdge(source: TileSource, size: number): Promise<LogEdge> {
  const reader = new TileReader(source, size);
  const partial: (readonly Uint8Array[])[] = [];
  for (let level = 0; size >= TILE_WIDTH ** level; level++) {
    const index = Math.floor(size / TILE_WIDTH ** (level + 1));
    partial.push(tileWidthAt(level, index, size) === 0 ? [] : await reader.tile(level, index));
  }
  const frontier = await reader.frontier();
  return { frontier, partial };
}

/** Pure: the edge after these leaf hashes, and the new content of every tile that they touch. */
export function planAppend(
  edge: LogEdge,
  leafHashes: readonly Uint8Array[],
): { readonly edge: LogEdge; readonly tiles: StoredTile[] } {
  const frontier = edge.frontier.clone();
  const partial = edge.partial.map((hashes) => [...hashes]);
  const touched = new Map<string, { level: number; index: number; hashes: Uint8Array[] }>();
  for (const leafHash of leafHashes) {
    for (const node of frontier.append(leafHash)) {
      if (node.level % TILE_HEIGHT !== 0) continue;
      const level = node.level / TILE_HEIGHT;
      const index = Math.floor(node.index / TILE_WIDTH);
      const hashes = node.index % TILE_WIDTH === 0 ? [] : (partial[level] ?? []);
      if (hashes.length !== node.index % TILE_WIDTH) throw new Error('the edge and its tiles disagree');
      hashes.push(node.hash);
      partial[level] = hashes;
      touched.set(`${level}/${index}`, { level, index, hashes });
    }
  }
  const tiles = [...touched.values()].map(({ level, index, hashes }) => ({
    level,
    index,
    width: hashes.length,
    hashes: concatBytes(...hashes),
  }));
  return { edge: { frontier, partial: partial.map((hashes) => (hashes.length === TILE_WIDTH ? [] : hashes)) }, tiles };
}

/**
 * Recomputes the inner tiles of a log from its leaf tiles; for an audit, O(n).
 * @throws DomainError `E_LOG_TILE` naming the first tile that differs.
 */
export async function auditTiles(source: TileSource, size: number): Promise<Uint8Array> {
  const reader = new TileReader(source, size);
  let edge: LogEdge = { frontier: MemoryFrontier.empty(), partial: [] };
  for (let index = 0; tileWidthAt(0, index, size) > 0; index++) {
    const next = planAppend(edge, await reader.tile(0, index));
    for (const tile of next.tiles) {
      const stored = concatBytes(...(await reader.tile(tile.level, tile.index)));
      if (!equalBytes(stored.subarray(0, tile.hashes.length), tile.hashes))
        refuse('E_LOG_TILE', `tile ${tile.level}/${tile.index} is wrong`);
    }
    edge = next.edge;
  }
  return edge.frontier.root();
}
