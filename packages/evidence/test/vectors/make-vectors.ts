import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, fromUtf8, parseInstant, Secret, toHex, u32be, utf8 } from '@qej/kernel';
import {
  addSignatures,
  buildTick,
  commitEntry,
  cosign,
  createNoteSigner,
  formatAddCheckpoint,
  formatReceiptPackage,
  hashLeaf,
  hashNode,
  MemoryFrontier,
  parseNote,
  planAppend,
  receiptActHash,
  receiptBytes,
  signCheckpoint,
  tickBody,
  tilePath,
  TileReader,
  type NoteSigner,
  type SignatureKind,
} from '../../src/index.ts';
import { elementAt } from '../../src/element-at.ts';

/** Everything in the vectors is derived from labels, so that anybody can derive it again. */
const derived = (label: string): Uint8Array => sha256(utf8(`qej vectors: ${label}`));

/** SHA-256(label ‖ u32be counter) blocks, cut to what is asked; the rest of a block is thrown away. */
function derivedStream(label: string): (length: number) => Uint8Array {
  let counter = 0;
  return (length) => sha256(concatBytes(utf8(`qej vectors: ${label}`), u32be(counter++))).slice(0, length);
}

const ORIGIN = 'log.example/qej';
const LOT = toHex(derived('lot').slice(0, 16));
const signer = (name: string, kind: SignatureKind): Promise<NoteSigner> =>
  createNoteSigner({ name, kind, seed: new Secret(derived(`seed ${name}`)) });

function treeOf(size: number) {
  const leafHashes = Array.from({ length: size }, (_, i) => hashLeaf(derived(`leaf ${i}`)));
  const { tiles, edge } = planAppend({ frontier: MemoryFrontier.empty(), partial: [] }, leafHashes);
  const stored = new Map(tiles.map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]));
  const source = {
    async readTile({ level, index }: { readonly level: number; readonly index: number }): Promise<Uint8Array> {
      const hashes = stored.get(`${level}/${index}`);
      if (hashes === undefined) throw new Error('the vectors asked for a tile that is not there');
      return hashes;
    },
  };
  return { tiles, root: edge.frontier.root(), reader: (at: number) => new TileReader(source, at) };
}

function entryVector() {
  const body = {
    v: 1,
    type: 'closing',
    at: '2026-11-23T05:00:00.000Z',
    lotId: LOT,
    root: toHex(derived('closing root')),
  } as const;
  const entry = commitEntry(body, derived('entry salt'));
  return {
    body: fromUtf8(entry.body),
    salt: toHex(entry.salt),
    commitment: toHex(entry.commitment),
    leafHash: toHex(hashLeaf(entry.commitment)),
  };
}

async function treeVector() {
  const tree = treeOf(600);
  const reader = tree.reader(600);
  const sizes = [0, 1, 2, 3, 7, 8, 255, 256, 257, 600];
  return {
    leafData: 'SHA-256("qej vectors: leaf " ‖ decimal index)',
    roots: sizes.map((size) => ({ size, root: toHex(treeOf(size).root) })),
    inclusion: await Promise.all(
      [0, 255, 256, 599].map(async (index) => ({
        index,
        size: 600,
        proof: (await reader.inclusionProof(index)).map(toHex),
      })),
    ),
    consistency: await Promise.all(
      [1, 256, 257, 599].map(async (oldSize) => ({
        oldSize,
        size: 600,
        proof: (await reader.consistencyProof(oldSize)).map(toHex),
      })),
    ),
    tiles: tree.tiles.map((tile) => ({ path: tilePath(tile), sha256: toHex(sha256(tile.hashes)) })),
  };
}

async function checkpointVector() {
  const [log, witness] = await Promise.all([signer(ORIGIN, 'ed25519'), signer('witness.example/w1', 'cosignature')]);
  const tree = treeOf(600);
  const note = await signCheckpoint({ origin: ORIGIN, size: 600, root: tree.root }, log);
  const at = parseInstant('2026-11-23T05:00:10.000Z');
  const line = await cosign(parseNote(note).text, witness, at);
  return {
    logSeed: toHex(derived(`seed ${ORIGIN}`)),
    logKey: log.vkey,
    witnessSeed: toHex(derived('seed witness.example/w1')),
    witnessKey: witness.vkey,
    cosignedAtSeconds: at / 1000,
    checkpoint: note,
    cosigned: addSignatures(note, [line]),
    addCheckpoint: formatAddCheckpoint({
      oldSize: 257,
      proof: await tree.reader(600).consistencyProof(257),
      checkpoint: note,
    }),
  };
}

const NOT_DER = utf8('not DER');

/** A tick with two acts, the second of them this receipt. */
function tickVector(receipt: Uint8Array) {
  const prfKey = derived('tick key');
  const acts = [
    { hash: derived('another act'), salt: derived('another salt') },
    { hash: receiptActHash(receipt), salt: derived('act salt') },
  ];
  const tick = buildTick({ acts, prfKey: new Secret(prfKey), seq: 42, random: derivedStream('tick places') });
  const entry = commitEntry(tickBody(tick, parseInstant('2026-11-23T05:00:00.000Z')), derived('tick salt'));
  const json = {
    seq: 42,
    prfKey: toHex(prfKey),
    acts: tick.placements.map(({ act, slot }) => ({ hash: toHex(act.hash), salt: toHex(act.salt), slot })),
    root: toHex(tick.root),
    entry: { body: fromUtf8(entry.body), salt: toHex(entry.salt), commitment: toHex(entry.commitment) },
  };
  return { json, entry, placement: elementAt(tick.placements, 1) };
}

async function receiptVector() {
  const receivedAt = parseInstant('2026-11-23T04:59:58.123Z');
  const receipt = receiptBytes({ messageHash: derived('message'), receivedAt, lotId: LOT });
  const { json, entry, placement } = tickVector(receipt);
  const [before, own] = [hashLeaf(derived('leaf 0')), hashLeaf(entry.commitment)];
  const head = { origin: ORIGIN, size: 2, root: hashNode(before, own) };
  const tick = {
    entryBody: entry.body,
    entrySalt: entry.salt,
    actSalt: placement.act.salt,
    slot: placement.slot,
    tickProof: placement.proof,
    leafIndex: 1,
    inclusionProof: [before],
    checkpoint: await signCheckpoint(head, await signer(ORIGIN, 'ed25519')),
  };
  const pack = formatReceiptPackage({ receipt, cms: NOT_DER, timestampToken: NOT_DER, tsaIndependent: false, tick });
  return {
    receipt: fromUtf8(receipt),
    actHash: toHex(receiptActHash(receipt)),
    tick: json,
    package: fromUtf8(pack),
    packageSha256: toHex(sha256(pack)),
    note: 'cms and timestampToken are placeholders, not DER',
  };
}

/** docs/formats/vectors/evidence.json as text: the same each time, on every machine. */
export async function makeVectors(): Promise<string> {
  const vectors = {
    v: 1,
    entry: entryVector(),
    tree: await treeVector(),
    checkpoint: await checkpointVector(),
    receipt: await receiptVector(),
  };
  return `${JSON.stringify(vectors, null, 2)}\n`;
}
