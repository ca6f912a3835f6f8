import { createPublicKey, verify } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { concatBytes, DomainError, fromBase64, instant, Secret, toBase64, utf8 } from '@qej/kernel';
import {
  addSignatures,
  cosign,
  createNoteSigner,
  emptyRoot,
  formatNote,
  formatVkey,
  newNoteSeed,
  parseCheckpointText,
  parseNote,
  parseSignatureLine,
  parseVkey,
  signCheckpoint,
  verifyCheckpoint,
  verifyCosignature,
  verifyLogSignature,
  type NoteSigner,
  type WitnessPolicy,
} from './index.ts';

// Published vector: golang.org/x/mod, sumdb/note/note_test.go (BSD-3-Clause).
const GO_VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_SKEY_BYTES = 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_NOTE = `${GO_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

const key = (name: string, kind: 'ed25519' | 'cosignature'): Promise<NoteSigner> =>
  createNoteSigner({ name, kind, seed: newNoteSeed() });
const refused = (code: string) => ({ instanceOf: DomainError, code });

test('the note and keys of Go’s sumdb/note verify, and its seed signs the same bytes', async (t) => {
  const verifier = parseVkey(GO_VKEY);
  await t.notThrowsAsync(verifyLogSignature(parseNote(GO_NOTE), verifier));
  const signer = await createNoteSigner({
    name: 'PeterNeumann',
    kind: 'ed25519',
    seed: new Secret(fromBase64(GO_SKEY_BYTES).slice(1)),
  });
  t.is(signer.vkey, GO_VKEY);
  t.is(formatNote(GO_TEXT, [{ ...signer, signature: await signer.sign(utf8(GO_TEXT)) }]), GO_NOTE);
});

test('a verifier key with any other character, or cut, is refused', (t) => {
  t.is(formatVkey(parseVkey(GO_VKEY)), GO_VKEY);
  for (let i = 0; i < GO_VKEY.length; i++) {
    const other = String.fromCharCode(GO_VKEY.charCodeAt(i) + 1);
    t.throws(
      () => parseVkey(GO_VKEY.slice(0, i) + other + GO_VKEY.slice(i + 1)),
      refused('E_NOTE_FORMAT'),
      `character ${i}`,
    );
    t.throws(() => parseVkey(GO_VKEY.slice(0, i)), refused('E_NOTE_FORMAT'), `cut at ${i}`);
  }
  // Go's own bad keys: wrong length and unknown algorithm, each with a fitting key hash.
  t.throws(
    () => parseVkey('PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='),
    refused('E_NOTE_FORMAT'),
  );
  t.throws(
    () => parseVkey('PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'),
    refused('E_NOTE_FORMAT'),
  );
});

test('malformed notes are refused', (t) => {
  const line = GO_NOTE.slice(GO_TEXT.length + 1);
  const bad = [
    '',
    GO_TEXT,
    `${GO_TEXT}\n`,
    `${GO_TEXT}${line}`,
    GO_NOTE.slice(0, -1),
    `${GO_NOTE}\n`,
    GO_NOTE.replace('— ', '- '),
    GO_NOTE.replace('— ', '—  '),
    GO_NOTE.replace('PeterNeumann x', 'Peter+Neumann x'),
    GO_NOTE.replace('PeterNeumann x', 'Peter\u00A0Neumann x'),
    GO_NOTE.replace('=\n', '\n'),
    GO_NOTE.replace('\n', '\r\n'),
    GO_NOTE.replace('problem', 'pro\tblem'),
    GO_NOTE.replace('problem', 'pro\u0000blem'),
    GO_NOTE.replace('problem', '\uD800'),
    `${GO_TEXT}\n— a AAAA\n`,
    `${GO_TEXT}\n${line.repeat(65)}`,
  ];
  for (const note of bad) t.throws(() => parseNote(note), refused('E_NOTE_FORMAT'), JSON.stringify(note));
});

test('a text with empty lines ends at the last one', (t) => {
  const note = parseNote(`one\n\ntwo\n${GO_NOTE.slice(GO_TEXT.length)}`);
  t.is(note.text, 'one\n\ntwo\n');
});

test('checkpoint texts other than three exact lines are refused', (t) => {
  const root = toBase64(emptyRoot());
  t.is(parseCheckpointText(`a\n0\n${root}\n`).size, 0);
  const bad = [
    `a\n0\n${root}`,
    `a\n00\n${root}\n`,
    `a\n-1\n${root}\n`,
    `a\n1e3\n${root}\n`,
    `a\n 1\n${root}\n`,
    `a\n9007199254740992\n${root}\n`,
    `\n0\n${root}\n`,
    `a\n0\n${root}x\n`,
    `a\n0\nAAAA\n`,
    `a\n0\n${root}\nextension\n`,
    `a\n0\n`,
  ];
  for (const text of bad)
    t.throws(() => parseCheckpointText(text), refused('E_CHECKPOINT_FORMAT'), JSON.stringify(text));
});

async function cosigned(origin: string, names: readonly string[]) {
  const log = await key(origin, 'ed25519');
  const signed = await signCheckpoint({ origin, size: 0, root: emptyRoot() }, log);
  const witnesses = await Promise.all(names.map((name) => key(name, 'cosignature')));
  const { text } = parseNote(signed);
  const lines = await Promise.all(witnesses.map((one, i) => cosign(text, one, instant(1_700_000_000_999 + 1000 * i))));
  const policy: WitnessPolicy = {
    origin,
    logKey: log.vkey,
    witnesses: witnesses.map((one, i) => ({ vkey: one.vkey, independent: i > 0 })),
    quorum: names.length,
  };
  return { log, signed, note: addSignatures(signed, lines), witnesses, lines, policy, text };
}

test('a cosigned checkpoint verifies under the policy and tells who signed when and whether it is independent', async (t) => {
  const { note, policy } = await cosigned('log.example/one', ['w.example/1', 'w.example/2']);
  const checked = await verifyCheckpoint(note, policy);
  t.is(checked.origin, 'log.example/one');
  t.deepEqual(
    checked.cosignatures.map(({ name, at, independent }) => [name, at, independent]),
    [
      ['w.example/1', 1_700_000_000_000, false],
      ['w.example/2', 1_700_000_001_000, true],
    ],
  );
});

test('a cosignature is Ed25519 over the document’s three-part message, as node:crypto sees it', async (t) => {
  const { lines, witnesses, text } = await cosigned('log.example/one', ['w.example/1']);
  const spki = concatBytes(
    Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0),
    witnesses[0]!.publicKey,
  );
  const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  t.true(verify(null, utf8(`cosignature/v1\ntime 1700000000\n${text}`), publicKey, lines[0]!.signature.slice(8)));
  t.is(new DataView(lines[0]!.signature.slice(0, 8).buffer).getBigUint64(0), 1_700_000_000n);
});

test('each broken premise of a checkpoint has its own code', async (t) => {
  const { note, signed, policy, log, lines, witnesses } = await cosigned('log.example/one', [
    'w.example/1',
    'w.example/2',
  ]);
  const other = await key('log.example/one', 'ed25519');
  await t.throwsAsync(verifyCheckpoint(note, { ...policy, origin: 'log.example/two' }), refused('E_CHECKPOINT_ORIGIN'));
  await t.throwsAsync(verifyCheckpoint(note, { ...policy, logKey: other.vkey }), refused('E_CHECKPOINT_SIGNATURE'));
  await t.throwsAsync(verifyCheckpoint(signed, policy), refused('E_COSIGNATURE_QUORUM'));
  await t.throwsAsync(verifyCheckpoint(addSignatures(signed, [lines[0]!]), policy), refused('E_COSIGNATURE_QUORUM'));
  await t.throwsAsync(verifyCheckpoint(note, { ...policy, quorum: 3 }), refused('E_WITNESS_POLICY'));
  await t.throwsAsync(verifyCheckpoint(note, { ...policy, logKey: witnesses[0]!.vkey }), refused('E_WITNESS_POLICY'));
  const twice = { ...policy, witnesses: [policy.witnesses[0]!, { ...policy.witnesses[0]!, independent: true }] };
  await t.throwsAsync(verifyCheckpoint(note, twice), refused('E_WITNESS_POLICY'));
  const stranger = await key('w.example/1', 'cosignature');
  const forged = { ...lines[0]!, signature: (await cosign(parseNote(note).text, stranger, instant(0))).signature };
  await t.throwsAsync(verifyCheckpoint(addSignatures(note, [forged]), policy), refused('E_COSIGNATURE_SIGNATURE'));
  const renamed = { ...(await cosign(parseNote(note).text, stranger, instant(0))), name: 'w.example/9' };
  await t.notThrowsAsync(verifyCheckpoint(addSignatures(note, [renamed]), policy), 'unknown keys are ignored');
  t.truthy(log);
});

test('one repeated cosignature does not fill a quorum of two', async (t) => {
  const { signed, lines, policy } = await cosigned('log.example/one', ['w.example/1', 'w.example/2']);
  const doubled = formatNote(parseNote(signed).text, [...parseNote(signed).signatures, lines[0]!, lines[0]!]);
  await t.throwsAsync(verifyCheckpoint(doubled, policy), refused('E_COSIGNATURE_QUORUM'));
});

test('a checkpoint with any flipped bit is refused', async (t) => {
  const { note, policy } = await cosigned('log.example/one', ['w.example/1']);
  const bytes = utf8(note);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: bytes.length * 8 - 1 }), async (bit) => {
      const copy = bytes.slice();
      copy[bit >> 3]! ^= 1 << (bit & 7);
      const text = new TextDecoder('utf-8').decode(copy);
      await t.throwsAsync(verifyCheckpoint(text, policy), { instanceOf: DomainError });
    }),
    { numRuns: 200 },
  );
});

test('a cosignature of the wrong length or of a far time is refused', async (t) => {
  const { lines, witnesses, text } = await cosigned('log.example/one', ['w.example/1']);
  const [line, witness] = [lines[0]!, witnesses[0]!];
  await t.throwsAsync(
    verifyCosignature(text, { ...line, signature: line.signature.slice(1) }, witness),
    refused('E_COSIGNATURE_SIGNATURE'),
  );
  const far = concatBytes(new Uint8Array(8).fill(0x7f), line.signature.slice(8));
  await t.throwsAsync(
    verifyCosignature(text, { ...line, signature: far }, witness),
    refused('E_COSIGNATURE_SIGNATURE'),
  );
  t.throws(() => parseSignatureLine('— w.example/1 AAAA'), refused('E_NOTE_FORMAT'));
});
