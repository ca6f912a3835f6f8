import { elementAt } from './element-at.ts';
import { refuse } from './errors.ts';
import { frontierNodes, MemoryFrontier } from './frontier.ts';
import { foldRight, HASH_LENGTH, hashNode, type NodeId } from './merkle.ts';
import { planConsistency, planInclusion, readProof } from './proof.ts';
import { TILE_HEIGHT, TILE_WIDTH, tilePath, tileWidthAt, type Tile } from './tiles.ts';

/** Where tiles come from: a database, a folder, an HTTP prefix. */
export interface TileSource {
  /** The tile's hashes one after another. More than `width` (the tile has grown) is fine; they are cut. */
  readTile(tile: Tile): Promise<Uint8Array>;
}

/**
 * Roots and proofs of one tree size, out of tiles. It trusts the source no further than the proofs do:
 * verify what it returns against a signed root.
 */
export class TileReader {
  readonly #source: TileSource;
  readonly #tiles = new Map<string, Promise<TileRows>>();
  readonly size: number;

  constructor(source: TileSource, size: number) {
    this.#source = source;
    this.size = size;
  }

  async root(): Promise<Uint8Array> {
    return foldRight(await this.readNodes(frontierNodes(this.size)));
  }

  async frontier(): Promise<MemoryFrontier> {
    return MemoryFrontier.restore(this.size, await this.readNodes(frontierNodes(this.size)));
  }

  inclusionProof(index: number): Promise<Uint8Array[]> {
    return readProof(planInclusion(index, this.size), (nodes) => this.readNodes(nodes));
  }

  consistencyProof(oldSize: number): Promise<Uint8Array[]> {
    return readProof(planConsistency(oldSize, this.size), (nodes) => this.readNodes(nodes));
  }

  /** Hashes of complete subtrees. @throws DomainError `E_LOG_TILE` when the source lacks a tile. */
  readNodes(nodes: readonly NodeId[]): Promise<Uint8Array[]> {
    return Promise.all(nodes.map((node) => this.#node(node)));
  }

  /** The hashes of one tile as far as it exists in this tree size. */
  async tile(level: number, index: number): Promise<readonly Uint8Array[]> {
    return (await this.#rows(level, index))[0] ?? [];
  }

  async #node({ level, index }: NodeId): Promise<Uint8Array> {
    const height = level % TILE_HEIGHT;
    const perTile = TILE_WIDTH / 2 ** height;
    const rows = await this.#rows(Math.floor(level / TILE_HEIGHT), Math.floor(index / perTile));
    return (
      rows[height]?.[index % perTile] ?? refuse('E_LOG_TILE', `node ${level}/${index} is not in a tree of ${this.size}`)
    );
  }

  /** Each tile is read and hashed once, however many proofs go through it. */
  #rows(level: number, index: number): Promise<TileRows> {
    const width = tileWidthAt(level, index, this.size);
    if (width === 0) return Promise.reject(new RangeError(`no tile ${level}/${index} in a tree of ${this.size}`));
    const tile = { level, index, width };
    const path = tilePath(tile);
    const known = this.#tiles.get(path);
    if (known !== undefined) return known;
    const reading = this.#source.readTile(tile).then((bytes) => completeRows(splitHashes(bytes, tile)));
    this.#tiles.set(path, reading);
    return reading;
  }
}

/** The tile's hashes, then the complete subtrees over them, level by level. */
type TileRows = readonly (readonly Uint8Array[])[];

function completeRows(hashes: readonly Uint8Array[]): TileRows {
  const rows = [hashes];
  for (let row = hashes; rows.length < TILE_HEIGHT && row.length > 1; rows.push(row)) {
    const below = row;
    row = Array.from({ length: Math.floor(below.length / 2) }, (_, i) =>
      hashNode(elementAt(below, 2 * i), elementAt(below, 2 * i + 1)),
    );
  }
  return rows;
}

function splitHashes(bytes: Uint8Array, tile: Tile): Uint8Array[] {
  if (
    bytes.length % HASH_LENGTH !== 0 ||
    bytes.length < tile.width * HASH_LENGTH ||
    bytes.length > TILE_WIDTH * HASH_LENGTH
  ) {
    refuse('E_LOG_TILE', `${tilePath(tile)} has ${bytes.length} bytes`);
  }
  return Array.from({ length: tile.width }, (_, i) => bytes.slice(i * HASH_LENGTH, (i + 1) * HASH_LENGTH));
}
