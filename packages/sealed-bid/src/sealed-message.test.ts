import { DomainError, fromBase64Url, concatBytes, utf8 } from '@qej/kernel';
import test from 'ava';
import { openMessage, sealMessage } from './sealed-message.ts';

async function newRecipient(): Promise<{ key: CryptoKey; point: Uint8Array }> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  return { key: pair.privateKey, point: concatBytes(Uint8Array.of(4), fromBase64Url(x), fromBase64Url(y)) };
}

test('a sealed message of any length opens with the key it was sealed to', async (t) => {
  const { key, point } = await newRecipient();
  const info = utf8('order 1');
  for (const length of [0, 1, 32, 5_000]) {
    const message = crypto.getRandomValues(new Uint8Array(length));
    const sealed = await sealMessage({ recipient: point, info }, message);
    t.deepEqual(await openMessage(key, { recipient: point, info }, sealed), message);
  }
});

test('it does not open with another key, another context, or after a flipped byte', async (t) => {
  const { key, point } = await newRecipient();
  const other = await newRecipient();
  const to = { recipient: point, info: utf8('order 1') };
  const sealed = await sealMessage(to, utf8('premium 120.00'));
  const flipped = sealed.slice();
  flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
  const unwrap = { instanceOf: DomainError, code: 'E_UNWRAP' };
  await t.throwsAsync(openMessage(other.key, to, sealed), unwrap);
  await t.throwsAsync(openMessage(key, { ...to, info: utf8('order 2') }, sealed), unwrap);
  await t.throwsAsync(openMessage(key, to, flipped), unwrap);
});

test('nothing is sealed to a point that is not on the curve', async (t) => {
  await t.throwsAsync(sealMessage({ recipient: new Uint8Array(65), info: utf8('x') }, utf8('y')), {
    instanceOf: DomainError,
    code: 'E_POINT',
  });
});
