import test from 'ava';
import fc from 'fast-check';
import { DomainError, plusMs, utf8 } from '@qej/kernel';
import { NOW, newAuthority } from '../test/authority.ts';
import {
  getPurpose,
  localTsaPolicy,
  openPkcs12,
  parseCertificate,
  parseCrl,
  parseSignedData,
  parseTimestampRequest,
  parseTimestampResponse,
  buildTimestampRequest,
  grantTimestamp,
  signCms,
  signTimestampToken,
  verifyCms,
  verifyTimestamp,
} from './index.ts';

const ca = await newAuthority();
const signer = await ca.signer('bidder-sign');
const tsa = await ca.signer('tsa');
const digest = new Uint8Array(32).fill(7);
const { eContentType } = getPurpose('qej-manifest/1');
const cms = await signCms({ content: utf8('content'), eContentType, signer });
const token = await signTimestampToken({
  digest,
  policyOid: localTsaPolicy,
  genTime: plusMs(NOW, 0),
  serial: Uint8Array.of(1),
  accuracyMs: 1,
  signer: tsa,
});
const trust = { roots: ca.roots, crls: ca.crls } as const;

/** Overwrites, cuts, inserts and repeats: what a fuzzer of DER does first. */
function mutate(original: Uint8Array, edits: readonly { at: number; kind: number; value: number }[]): Uint8Array {
  let bytes = Array.from(original);
  for (const { at, kind, value } of edits) {
    const index = at % Math.max(1, bytes.length);
    if (kind === 0) bytes[index] = value;
    else if (kind === 1) bytes.splice(index, 1 + (value % 16));
    else if (kind === 2) bytes.splice(index, 0, value, 0x80, value);
    else if (kind === 3) bytes = bytes.slice(0, index);
    else bytes.splice(index, 0, ...bytes.slice(index, index + value));
  }
  return Uint8Array.from(bytes);
}

const edit = fc.record({ at: fc.nat(100_000), kind: fc.nat(4), value: fc.nat(255) });
const edits = fc.array(edit, { minLength: 1, maxLength: 4 });

type Reader = (bytes: Uint8Array) => unknown;
const readers: readonly [string, Uint8Array, Reader][] = [
  ['certificate', signer.certificate.der, parseCertificate],
  ['revocation list', ca.crls[1]?.der ?? new Uint8Array(), parseCrl],
  ['SignedData', cms, parseSignedData],
  ['time stamp query', buildTimestampRequest({ digest, nonce: digest }), parseTimestampRequest],
  ['time stamp reply', grantTimestamp(token), parseTimestampResponse],
];

for (const [name, original, read] of readers) {
  test(`2,000 mutated encodings of a ${name} are read or refused by code, never a crash`, (t) => {
    let refusals = 0;
    const run = (list: Parameters<typeof mutate>[1]): void => {
      try {
        read(mutate(original, list));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        refusals++;
      }
    };
    t.notThrows(() => fc.assert(fc.property(edits, run), { numRuns: 2000 }));
    t.true(refusals > 500);
  });
}

const verifiers: readonly [string, Uint8Array, (bytes: Uint8Array) => Promise<unknown>][] = [
  ['signature', cms, (bytes) => verifyCms({ cms: bytes, eContentType, at: NOW, ...trust })],
  ['time stamp', token, (bytes) => verifyTimestamp({ token: bytes, digest, policyOids: [localTsaPolicy], ...trust })],
];

for (const [name, original, verify] of verifiers) {
  test(`2,000 mutated encodings of a ${name} never verify as something else`, async (t) => {
    const run = async (list: Parameters<typeof mutate>[1]): Promise<void> => {
      const bytes = mutate(original, list);
      const outcome = await verify(bytes).then(
        () => 'verified',
        (error: unknown) => {
          if (!(error instanceof DomainError)) throw error;
          return error.message;
        },
      );
      // an edit may write what stood there already
      if (Buffer.compare(bytes, original) !== 0) t.not(outcome, 'verified');
    };
    await t.notThrowsAsync(fc.assert(fc.asyncProperty(edits, run), { numRuns: 2000 }));
  });
}

test('arbitrary bytes are not a PKCS#12 file', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      await t.throwsAsync(openPkcs12(bytes, 'x'), { instanceOf: DomainError, code: 'E_P12_FORMAT' });
    }),
    { numRuns: 200 },
  );
});
