import { readFileSync } from 'node:fs';
import { fromBase64Url, fromHex, toHex } from '@qej/kernel';
import test from 'ava';
import { nodePrimitives } from './node.ts';
import type { Primitives } from './primitives.ts';
import { webPrimitives } from './web-provider.ts';

/** C2SP/wycheproof (Apache-2.0). */
const corpus = new URL('../../testkit/corpora/wycheproof/', import.meta.url);
const providers: readonly Primitives[] = [webPrimitives, nodePrimitives];

interface Vector {
  readonly tcId: number;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly [field: string]: unknown;
}
interface Group {
  readonly tests: readonly Vector[];
  readonly [field: string]: unknown;
}

function readGroups(name: string): readonly Group[] {
  const parsed = JSON.parse(readFileSync(new URL(name, corpus), 'utf8')) as { testGroups: readonly Group[] };
  return parsed.testGroups;
}

const hexField = (vector: Vector, name: string): Uint8Array => fromHex(String(vector[name]));

test('AES-256-GCM agrees with Wycheproof', async (t) => {
  let checked = 0;
  for (const group of readGroups('aes_gcm_test.json')) {
    if (group['keySize'] !== 256 || group['ivSize'] !== 96 || group['tagSize'] !== 128) continue;
    for (const vector of group.tests) {
      const [key, iv, aad, msg] = ['key', 'iv', 'aad', 'msg'].map((name) => hexField(vector, name));
      if (key === undefined || iv === undefined || aad === undefined || msg === undefined) throw new Error('vector');
      const sealed = `${String(vector['ct'])}${String(vector['tag'])}`;
      for (const p of providers) {
        const opened = await p.aesGcmOpen(key, iv, aad, fromHex(sealed));
        t.is(opened === undefined ? undefined : toHex(opened), vector.result === 'valid' ? toHex(msg) : undefined);
        if (vector.result === 'valid') t.is(toHex(await p.aesGcmSeal(key, iv, aad, msg)), sealed);
      }
      checked += 1;
    }
  }
  t.is(checked, 66);
});

test('HKDF-SHA-256 agrees with Wycheproof', async (t) => {
  let checked = 0;
  for (const group of readGroups('hkdf_sha256_test.json')) {
    for (const vector of group.tests.filter(({ result }) => result === 'valid')) {
      for (const p of providers) {
        const okm = await p.hkdfSha256(
          hexField(vector, 'ikm'),
          hexField(vector, 'salt'),
          hexField(vector, 'info'),
          Number(vector['size']),
        );
        t.is(toHex(okm), String(vector['okm']));
      }
      checked += 1;
    }
  }
  t.is(checked, 83);
});

const part = (jwk: unknown, name: string): Uint8Array => {
  const bytes = fromBase64Url(String((jwk as Record<string, unknown>)[name]));
  const padded = new Uint8Array(Math.max(32, bytes.length));
  padded.set(bytes, padded.length - bytes.length);
  return padded;
};
const isP256 = (jwk: unknown): boolean => (jwk as Record<string, unknown>)['crv'] === 'P-256';

test('ECDH over P-256 agrees with Wycheproof and refuses points off the curve', async (t) => {
  let checked = 0;
  for (const group of readGroups('ecdh_secp256r1_webcrypto_test.json')) {
    for (const vector of group.tests.filter((one) => isP256(one['public']) && isP256(one['private']))) {
      const [x, y] = [part(vector['public'], 'x'), part(vector['public'], 'y')];
      const point = Uint8Array.of(4, ...x, ...y);
      for (const p of providers) {
        const shared = await p.p256SharedSecret(part(vector['private'], 'd'), point);
        if (vector.result === 'invalid') t.is(shared, undefined, `tcId ${vector.tcId}`);
        else t.is(shared === undefined ? undefined : toHex(shared), String(vector['shared']), `tcId ${vector.tcId}`);
      }
      checked += 1;
    }
  }
  t.is(checked, 348);
});

test('ECDSA verification agrees with Wycheproof', async (t) => {
  let checked = 0;
  for (const group of readGroups('ecdsa_secp256r1_sha256_p1363_test.json')) {
    const key = fromHex(String((group['publicKey'] as Record<string, unknown>)['uncompressed']));
    for (const vector of group.tests) {
      for (const p of providers) {
        t.is(
          await p.p256Verify(key, hexField(vector, 'msg'), hexField(vector, 'sig')),
          vector.result === 'valid',
          `tcId ${vector.tcId}`,
        );
      }
      checked += 1;
    }
  }
  t.is(checked, 262);
});
