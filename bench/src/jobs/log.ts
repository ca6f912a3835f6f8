import { createPublicKey, hash, verify } from 'node:crypto';
import {
  createNoteSigner,
  hashLeaf,
  MemoryFrontier,
  newNoteSeed,
  planAppend,
  signCheckpoint,
  TileReader,
  verifyCheckpoint,
  verifyInclusion,
} from '@qej/evidence';
import { u32be, utf8 } from '@qej/kernel';

/** Operations per second of ours and of the peer, measured in turns; `ratio` = median of ours / peer, 1 = as fast. */
export interface LogMeasure {
  readonly name: string;
  readonly ours: number;
  readonly peer: number;
  readonly ratio: number;
}

export interface LogBenchInput {
  /** Leaves of the large tree; the small one has 1,000. */
  readonly leaves: number;
  /** Turns; each measures both sides once. */
  readonly rounds: number;
}

/** Runs `operations` of something once; returns nothing of interest. */
type Work = () => void | Promise<void>;

const SMALL = 1000;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function perSecond(operations: number, work: Work): Promise<number> {
  const start = performance.now();
  await work();
  return (operations * 1000) / (performance.now() - start);
}

/** Both sides in turns, so that a noisy machine disturbs them alike; one turn more at first, thrown away. */
async function compare(
  name: string,
  rounds: number,
  operations: number,
  sides: { readonly ours: Work; readonly peer: Work },
): Promise<LogMeasure> {
  const turns: { ours: number; peer: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const ours = await perSecond(operations, sides.ours);
    turns.push({ ours, peer: await perSecond(operations, sides.peer) });
  }
  const counted = turns.slice(1);
  return {
    name,
    ours: median(counted.map(({ ours }) => ours)),
    peer: median(counted.map(({ peer }) => peer)),
    ratio: median(counted.map(({ ours, peer }) => ours / peer)),
  };
}

/** Peer: one SHA-256 of a leaf and one of a node for each leaf, by OpenSSL, and nothing else. */
function appending(rounds: number): Promise<LogMeasure> {
  const count = 20_000;
  const data = new Uint8Array(32);
  const [leaf, node] = [new Uint8Array(33), new Uint8Array(65)];
  return compare('append a leaf, against two raw SHA-256', rounds, count, {
    ours() {
      const frontier = MemoryFrontier.empty();
      for (let i = 0; i < count; i++) frontier.append(hashLeaf(data));
      frontier.root();
    },
    peer() {
      for (let i = 0; i < count; i++) {
        hash('sha256', leaf, 'buffer');
        hash('sha256', node, 'buffer');
      }
    },
  });
}

function treeOf(leaves: number) {
  const leafHashes = Array.from({ length: leaves }, (_, i) => hashLeaf(u32be(i)));
  const { tiles, edge } = planAppend({ frontier: MemoryFrontier.empty(), partial: [] }, leafHashes);
  const stored = new Map(tiles.map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]));
  const readTile = ({ level, index }: { readonly level: number; readonly index: number }): Promise<Uint8Array> => {
    const hashes = stored.get(`${level}/${index}`);
    return hashes === undefined ? Promise.reject(new RangeError('no such tile')) : Promise.resolve(hashes);
  };
  return { leaves, root: edge.frontier.root(), leafHashes, source: { readTile } };
}
type Tree = ReturnType<typeof treeOf>;

const placesIn = (tree: Tree, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * tree.leaves) / count));

/** Each proof by a reader of its own: nothing is kept from one to the next. */
async function prove(tree: Tree, count: number): Promise<void> {
  for (const index of placesIn(tree, count)) await new TileReader(tree.source, tree.leaves).inclusionProof(index);
}

/** Growth: the large tree against the small one; goal ratio ≥ 0.5. */
function proving(small: Tree, large: Tree, rounds: number): Promise<LogMeasure> {
  const count = 100;
  return compare(`inclusion proof at ${large.leaves} leaves, against ${small.leaves}`, rounds, count, {
    ours: () => prove(large, count),
    peer: () => prove(small, count),
  });
}

/** Peer: as many raw SHA-256 as the proof has steps, by OpenSSL. */
async function verifying(tree: Tree, rounds: number): Promise<LogMeasure> {
  const reader = new TileReader(tree.source, tree.leaves);
  const cases = await Promise.all(
    placesIn(tree, 500).map(async (index) => {
      const leafHash = tree.leafHashes[index] ?? new Uint8Array(32);
      return { index, leafHash, size: tree.leaves, root: tree.root, proof: await reader.inclusionProof(index) };
    }),
  );
  const node = new Uint8Array(65);
  return compare(
    `verify an inclusion proof at ${tree.leaves} leaves, against its raw SHA-256`,
    rounds,
    cases.length * 10,
    {
      ours() {
        for (let i = 0; i < 10; i++) for (const one of cases) verifyInclusion(one);
      },
      peer() {
        for (let i = 0; i < 10; i++)
          for (const { proof } of cases) for (const _ of proof) hash('sha256', node, 'buffer');
      },
    },
  );
}

/** Peer: one raw Ed25519 verification of the same text, by OpenSSL. */
async function checkpoints(tree: Tree, rounds: number): Promise<LogMeasure> {
  const count = 200;
  const signer = await createNoteSigner({ name: 'bench.example', kind: 'ed25519', seed: newNoteSeed() });
  const note = await signCheckpoint({ origin: signer.name, size: tree.leaves, root: tree.root }, signer);
  const policy = { origin: signer.name, logKey: signer.vkey, witnesses: [], quorum: 0 };
  const text = utf8(note.slice(0, note.indexOf('\n\n') + 1));
  const signature = await signer.sign(text);
  const x = Buffer.from(signer.publicKey).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return compare('verify a checkpoint, against one raw Ed25519 verification', rounds, count, {
    async ours() {
      for (let i = 0; i < count; i++) await verifyCheckpoint(note, policy);
    },
    peer() {
      for (let i = 0; i < count; i++)
        if (!verify(null, text, key, signature)) throw new Error('the bench signed badly');
    },
  });
}

/** The log in memory against the raw primitives: append, prove, verify. The database's share is the api job's. */
export async function logBench({ leaves, rounds }: LogBenchInput): Promise<LogMeasure[]> {
  const [small, large] = [treeOf(SMALL), treeOf(leaves)];
  return [
    await appending(rounds),
    await proving(small, large, rounds),
    await verifying(large, rounds),
    await checkpoints(large, rounds),
  ];
}
