import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'ava';
import { DomainError, fromHex, toBase64Url, toHex } from '@qej/kernel';
import { blindTokens, finalizeTokens, tokenKeyId, verifyToken } from '@qej/pki';
import { createBlindIssuer, generateKey } from './index.ts';

const issuer = createBlindIssuer(await generateKey('rsa-3072'));
const refused = (code: string) => ({ instanceOf: DomainError, code });

test('blinded, signed, unblinded: the token verifies, and the issuer never saw it', async (t) => {
  const seen: number[] = [];
  const pending = await blindTokens(issuer.publicKey, 2, (done) => seen.push(done));
  const tokens = await finalizeTokens(
    issuer.publicKey,
    pending,
    pending.map(({ blindedMessage }) => issuer.sign(blindedMessage)),
  );
  const [a, b] = await Promise.all(tokens.map((token) => verifyToken(issuer.publicKey, token)));
  t.deepEqual(seen, [1, 2]);
  t.is(tokens[0]?.length, 481);
  t.notDeepEqual(a, b);
  const answers = pending.map(({ blindedMessage }) => toHex(issuer.sign(blindedMessage)));
  for (const token of tokens) t.false(answers.includes(toHex(token.slice(-384))));
});

test('a changed token, a token of another key and a wrong answer are refused', async (t) => {
  const pending = await blindTokens(issuer.publicKey, 1);
  const [token] = await finalizeTokens(
    issuer.publicKey,
    pending,
    pending.map(({ blindedMessage }) => issuer.sign(blindedMessage)),
  );
  if (token === undefined) return t.fail('no token');
  const flip = (at: number): Uint8Array => Uint8Array.from(token, (byte, i) => (i === at ? byte ^ 1 : byte));
  await t.throwsAsync(verifyToken(issuer.publicKey, flip(0)), refused('E_TOKEN_FORMAT'));
  await t.throwsAsync(verifyToken(issuer.publicKey, flip(5)), refused('E_TOKEN_KEY'));
  await t.throwsAsync(verifyToken(issuer.publicKey, flip(60)), refused('E_TOKEN_SIGNATURE'));
  await t.throwsAsync(verifyToken(issuer.publicKey, flip(300)), refused('E_TOKEN_SIGNATURE'));
  await t.throwsAsync(verifyToken(issuer.publicKey, token.slice(0, -1)), refused('E_TOKEN_FORMAT'));
  const other = createBlindIssuer(await generateKey('rsa-3072'));
  await t.throwsAsync(verifyToken(other.publicKey, token), refused('E_TOKEN_KEY'));
  await t.throwsAsync(
    finalizeTokens(
      issuer.publicKey,
      pending,
      pending.map(({ blindedMessage }) => issuer.sign(issuer.sign(blindedMessage))),
    ),
    refused('E_TOKEN_SIGNATURE'),
  );
  t.is(tokenKeyId(token).length, 32);
});

test('a message of wrong length or beyond the modulus is not signed, and an EC key issues nothing', async (t) => {
  t.throws(() => issuer.sign(new Uint8Array(383)), refused('E_TOKEN_BLIND'));
  t.throws(() => issuer.sign(new Uint8Array(384).fill(255)), refused('E_TOKEN_BLIND'));
  const key = await generateKey('p-256');
  t.throws(() => createBlindIssuer(key), refused('E_CA_KEY'));
});

/** RFC 9474 appendix A. */
const vectors = new URL('../../testkit/corpora/rfc9474/test_vectors.json', import.meta.url);

test('BlindSign equals the vectors of RFC 9474', (t) => {
  const list = JSON.parse(readFileSync(vectors, 'utf8')) as readonly Record<
    'p' | 'q' | 'n' | 'e' | 'd' | 'blinded_msg' | 'blind_sig',
    string
  >[]; // the published schema
  const usable = list.filter(({ n }) => n.length === 1024);
  t.true(usable.length > 0);
  for (const vector of usable) {
    const big = (name: 'p' | 'q' | 'd'): bigint => BigInt(`0x${vector[name]}`);
    const bytes = (value: bigint): string =>
      toBase64Url(fromHex(value.toString(16).padStart(2 * Math.ceil(value.toString(16).length / 2), '0')));
    const inverse = (a: bigint, m: bigint): bigint => power(a % m, m - 2n, m);
    const jwk = {
      kty: 'RSA',
      n: toBase64Url(fromHex(vector.n)),
      e: toBase64Url(fromHex(vector.e)),
      d: bytes(big('d')),
      p: bytes(big('p')),
      q: bytes(big('q')),
      dp: bytes(big('d') % (big('p') - 1n)),
      dq: bytes(big('d') % (big('q') - 1n)),
      qi: bytes(inverse(big('q'), big('p'))),
    };
    const signer = createBlindIssuer(createPrivateKey({ key: jwk, format: 'jwk' }));
    t.is(toHex(signer.sign(fromHex(vector.blinded_msg))), vector.blind_sig);
  }
});

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let rest = exponent, factor = base; rest > 0n; rest >>= 1n, factor = (factor * factor) % modulus)
    if ((rest & 1n) === 1n) result = (result * factor) % modulus;
  return result;
}
