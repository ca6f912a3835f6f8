import { concatBytes } from '@qej/kernel';
import { refuse } from './errors.ts';

/** c2sp.org/tlog-tiles: a tile spans 8 levels. */
export const TILE_HEIGHT = 8;
/** Hashes in a full tile; entries in a full bundle. */
export const TILE_WIDTH = 256;
const MAX_TILE_LEVEL = 63;

export interface Tile {
  readonly level: number;
  readonly index: number;
  /** 1…256; below 256 the tile is partial. */
  readonly width: number;
}

export interface EntryBundle {
  readonly level: 'entries';
  readonly index: number;
  readonly width: number;
}

function indexPath(index: number): string {
  let path = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  }
  return path;
}

const suffix = (width: number): string => (width === TILE_WIDTH ? '' : `.p/${width}`);

/** `tile/<L>/<N>[.p/<W>]`, below the log's prefix. */
export const tilePath = (tile: Tile): string => `tile/${tile.level}/${indexPath(tile.index)}${suffix(tile.width)}`;

/** `tile/entries/<N>[.p/<W>]`, below the log's prefix. */
export const bundlePath = (index: number, width: number): string => `tile/entries/${indexPath(index)}${suffix(width)}`;

const PATH = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/**
 * The reverse of {@link tilePath} and {@link bundlePath}; only the one spelling of a path is taken.
 * @throws DomainError `E_LOG_TILE`
 */
export function parseTilePath(path: string): Tile | EntryBundle {
  const [, levelText, indexText = '', widthText] = PATH.exec(path) ?? refuse('E_LOG_TILE', 'not a tile path');
  const index = Number(indexText.replaceAll(/[x/]/g, ''));
  const width = widthText === undefined ? TILE_WIDTH : Number(widthText);
  if (!Number.isSafeInteger(index) || (widthText !== undefined && width >= TILE_WIDTH))
    refuse('E_LOG_TILE', 'tile out of range');
  if (indexText !== indexPath(index)) refuse('E_LOG_TILE', 'tile index has surplus zeroes');
  if (levelText === 'entries') return { level: levelText, index, width };
  const level = Number(levelText);
  return level <= MAX_TILE_LEVEL ? { level, index, width } : refuse('E_LOG_TILE', 'tile level out of range');
}

/** How many hashes a tile has in a tree of `size` leaves; 0 if it does not exist there. */
export function tileWidthAt(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** Every tile of a tree of `size` leaves, level by level. */
export function tilesOfSize(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; Math.floor(size / TILE_WIDTH ** level) > 0; level++) {
    for (let index = 0; tileWidthAt(level, index, size) > 0; index++) {
      tiles.push({ level, index, width: tileWidthAt(level, index, size) });
    }
  }
  return tiles;
}

/** An entry bundle: u16be length before each entry (c2sp.org/tlog-tiles, "Log entries"). */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concatBytes(
    ...entries.flatMap((entry) => {
      if (entry.length > 0xffff) throw new RangeError('entry too long for a bundle');
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

/** @throws DomainError `E_LOG_TILE` */
export function decodeBundle(bytes: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    if (at + 2 + length > bytes.length) refuse('E_LOG_TILE', 'entry bundle is cut off');
    entries.push(bytes.slice(at + 2, at + 2 + length));
    at += 2 + length;
  }
  if (entries.length > TILE_WIDTH) refuse('E_LOG_TILE', 'entry bundle has too many entries');
  return entries;
}
