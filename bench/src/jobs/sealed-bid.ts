import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { webCryptoProvider, type CryptoProvider, type SealedBid } from '@qej/sealed-bid';
import { fileSource, nodeProvider } from '@qej/sealed-bid/node';
import { interleave, quantile, ratioOf, summarise, wallTurn } from '../harness.ts';
import type { Rates, Ratio, Side } from '../harness.ts';
import type { Job } from '../job.ts';
import { newPeers, passes } from './sealed-bid-peers.ts';
import { newBenchLot, openOne, sealOne, type BenchLot } from './sealed-lot.ts';

const MEBIBYTE = 1024 * 1024;
const FILE_MIB = 256;
const QUICK_MIB = 8;

/** One file on a file system in memory, the lot it is sealed for, and what the last sealing left. */
interface Place {
  readonly folder: string;
  readonly plain: string;
  readonly hash: string;
  readonly mebibytes: number;
  readonly lot: BenchLot;
  sealed: SealedBid | undefined;
}

const inPlace = (place: Place, name: string): string => join(place.folder, name);
const objectIn = (place: Place, id: string): string => join(place.folder, 'objects', id);

/** Not compressible and different in every block: SHA-256 of the block's number, repeated. */
function writePlain(file: string, mebibytes: number): string {
  const [handle, whole] = [openSync(file, 'w'), createHash('sha256')];
  for (let i = 0; i < mebibytes; i++) {
    const block = Buffer.alloc(MEBIBYTE, createHash('sha256').update(String(i)).digest());
    whole.update(block);
    writeSync(handle, block);
  }
  closeSync(handle);
  return whole.digest('hex');
}

async function newPlace(mebibytes: number): Promise<Place> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'qej-bench-seal-'));
  const plain = join(folder, 'plain');
  const hash = writePlain(plain, mebibytes);
  return { folder, plain, hash, mebibytes, lot: await newBenchLot(nodeProvider), sealed: undefined };
}

async function seal(place: Place, provider: CryptoProvider): Promise<void> {
  const handle = await open(place.plain);
  try {
    const write = (id: string, bytes: Uint8Array): Promise<void> => writeFile(objectIn(place, id), bytes);
    place.sealed = await sealOne(provider, place.lot, await fileSource(handle), write);
  } finally {
    await handle.close();
  }
}

/** Opens what the last sealing left. @throws Error when anything but the file that went in comes out */
async function openAll(place: Place): Promise<void> {
  if (place.sealed === undefined) throw new Error('seal first');
  const objects = async (id: string): Promise<Uint8Array | undefined> => {
    const file = objectIn(place, id);
    return existsSync(file) ? readFileSync(file) : undefined;
  };
  const output = await open(inPlace(place, 'opened'), 'w');
  for (const { files } of await openOne(nodeProvider, place.lot, place.sealed, objects))
    for (const file of files) for await (const piece of file.chunks()) await output.write(piece);
  await output.close();
}

/** Room for the next turn; the objects of the last sealing stay, to be opened. */
function sweep(place: Place): void {
  for (const name of ['opened', 'copy', 'age.opened', 'cms.opened']) rmSync(inPlace(place, name), { force: true });
}

function sidesOf(place: Place): readonly Side[] {
  const { mebibytes, plain } = place;
  const peers = newPeers(place.folder, plain);
  const side = (name: string, work: () => void | Promise<void>): Side => ({
    name,
    turn: async () => {
      const turn = await wallTurn(mebibytes, work);
      sweep(place);
      return turn;
    },
  });
  const ours = (name: string, provider: CryptoProvider): Side => ({
    name,
    turn: async () => {
      rmSync(inPlace(place, 'objects'), { recursive: true, force: true });
      mkdirSync(inPlace(place, 'objects'));
      return wallTurn(mebibytes, () => seal(place, provider));
    },
  });
  return [
    ours('web', webCryptoProvider),
    ours('seal', nodeProvider),
    side('age', peers.ageSeal),
    side('copy', () => passes.copy(plain, inPlace(place, 'copy'))),
    side('gcm', () => passes.gcm(mebibytes)),
    side('sha256', () => passes.sha256(mebibytes)),
    side('open', () => openAll(place)),
    side('age -d', peers.ageOpen),
    side('cms -decrypt', peers.cmsOpen),
  ];
}

/** MiB/s of a pipeline that does each of its passes one after the other on one core. */
function limitOf(rates: Rates, of: readonly string[]): number[] {
  const rounds = rates['seal']?.length ?? 0;
  return Array.from(
    { length: rounds },
    (_, round) => 1 / of.reduce((sum, name) => sum + 1 / (rates[name]?.[round] ?? Number.NaN), 0),
  );
}

/** Read and write once, encrypt once, hash twice: the leaf of the commitment, and the journal of what has left. */
const SEALING_PASSES = ['copy', 'gcm', 'sha256', 'sha256'];

function ratiosOf(rates: Rates): readonly Ratio[] {
  const all: Rates = { ...rates, limit: limitOf(rates, SEALING_PASSES) };
  const ratio = (name: string, goal: string, sides: readonly [string, string]): Ratio =>
    ratioOf({ job: 'sealed-bid', name, goal }, all, sides);
  return [
    ratio('seal, complete, to the limit of its passes (copy, gcm, 2 × sha256)', '≥ 0.75', ['seal', 'limit']),
    ratio('seal, complete, to age then openssl dgst', '≥ 1.05', ['seal', 'age']),
    ratio('browser path (WebCrypto) to the shell’s', '≥ 0.6', ['web', 'seal']),
    ratio('open to age -d', '≥ 1.3', ['open', 'age -d']),
    ratio('open to openssl cms -decrypt', '≥ 9', ['open', 'cms -decrypt']),
    ...['copy', 'gcm', 'sha256'].map((name) =>
      summarise({ job: 'sealed-bid', name: `pass ${name} alone, MiB/s` }, [quantile(rates[name] ?? [], 0.5)]),
    ),
  ];
}

export const sealedBidJob: Job = {
  name: 'sealed-bid',
  title: `one file of ${FILE_MIB} MiB in memory, sealed and opened whole, one core; rates in MiB/s of wall time`,
  async run({ rounds, quick }) {
    const place = await newPlace(quick ? QUICK_MIB : FILE_MIB);
    try {
      const rates = await interleave(sidesOf(place), rounds);
      await openAll(place);
      const opened = createHash('sha256')
        .update(readFileSync(inPlace(place, 'opened')))
        .digest('hex');
      if (opened !== place.hash) throw new Error('what was opened is not what was sealed');
      return ratiosOf(rates);
    } finally {
      rmSync(place.folder, { recursive: true, force: true });
    }
  },
};
