import { readFileSync } from 'node:fs';
import test from 'ava';
import { DomainError, fromHex } from '@qej/kernel';
import { isSignatureValid } from './index.ts';
import type { SignatureAlgorithm } from './index.ts';

interface Group {
  readonly publicKeyDer: string;
  readonly tests: readonly {
    readonly tcId: number;
    readonly comment: string;
    readonly msg: string;
    readonly sig: string;
    readonly result: 'valid' | 'invalid' | 'acceptable';
  }[];
}

/** C2SP/wycheproof (Apache-2.0). */
const corpus = new URL('../../testkit/corpora/wycheproof/', import.meta.url);
const files: readonly [string, SignatureAlgorithm][] = [
  ['ecdsa_secp256r1_sha256_test.json', 'ecdsa-p256-sha256'],
  ['rsa_pss_3072_sha256_mgf1_32_test.json', 'rsa-pss-sha256'],
];

for (const [file, algorithm] of files) {
  test(`every vector of ${file} is judged as published`, async (t) => {
    const { testGroups } = JSON.parse(readFileSync(new URL(file, corpus), 'utf8')) as { testGroups: readonly Group[] }; // the published schema
    let judged = 0;
    for (const { publicKeyDer, tests } of testGroups) {
      const spki = fromHex(publicKeyDer);
      for (const { tcId, comment, msg, sig, result } of tests) {
        const ok = await isSignatureValid(spki, algorithm, fromHex(msg), fromHex(sig)).catch((error: unknown) => {
          if (error instanceof DomainError) return false;
          throw error;
        });
        if (result !== 'acceptable') t.is(ok, result === 'valid', `${tcId} ${comment}`);
        judged++;
      }
    }
    t.true(judged > 100);
  });
}
