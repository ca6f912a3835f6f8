import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { toHex, utf8 } from '@qej/kernel';
import test from 'ava';
import fc from 'fast-check';
import { deriveKeyPair, hpkeOpen, hpkeSeal } from './hpke.ts';
import { nodePrimitives } from './node.ts';
import { webPrimitives } from './web-provider.ts';

const reference = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const own = (of: Uint8Array): ArrayBuffer => of.slice().buffer as ArrayBuffer;

for (const [name, primitives] of [
  ['WebCrypto', webPrimitives],
  ['node:crypto', nodePrimitives],
] as const) {
  test(`HPKE over ${name} gives the bytes of @hpke/core for the same coins, and each opens the other`, async (t) => {
    await fc.assert(
      fc.asyncProperty(bytes(32), bytes(48), bytes(32), bytes(32), async (ikm, coins, info, secret) => {
        const recipient = await deriveKeyPair(primitives, ikm);
        const peer = await reference.kem.deriveKeyPair(own(ikm));
        t.is(toHex(new Uint8Array(await reference.kem.serializePublicKey(peer.publicKey))), toHex(recipient.point));
        const sender = await reference.createSenderContext({
          recipientPublicKey: peer.publicKey,
          info: own(info),
          ekm: own(coins),
        });
        const expected = `${toHex(new Uint8Array(sender.enc))}${toHex(new Uint8Array(await sender.seal(own(secret))))}`;
        const sealed = await hpkeSeal(primitives, { recipient: recipient.point, info }, secret, coins);
        t.is(toHex(sealed), expected);
        const opened = await hpkeOpen(primitives, { recipient: recipient.point, info }, sealed, (enc) =>
          primitives.p256SharedSecret(recipient.scalar, enc),
        );
        t.deepEqual([...(opened ?? [])], [...secret]);
      }),
      { numRuns: 8 },
    );
  });
}

test('a wrap for another key, another context or with any flipped bit does not open', async (t) => {
  const recipient = await deriveKeyPair(nodePrimitives, utf8('recipient'));
  const other = await deriveKeyPair(nodePrimitives, utf8('other'));
  const to = { recipient: recipient.point, info: utf8('ctx') };
  const sealed = await hpkeSeal(nodePrimitives, to, new Uint8Array(32).fill(7), utf8('coins'));
  const open = (message: typeof to, from: Uint8Array, scalar = recipient.scalar) =>
    hpkeOpen(nodePrimitives, message, from, (enc) => nodePrimitives.p256SharedSecret(scalar, enc));
  t.truthy(await open(to, sealed));
  t.is(await open({ ...to, recipient: other.point }, sealed, other.scalar), undefined);
  t.is(await open({ ...to, info: utf8('ctx2') }, sealed), undefined);
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length * 8 - 1), async (bit) => {
      const flipped = sealed.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      t.is(await open(to, flipped), undefined);
    }),
    { numRuns: 60 },
  );
});

test('a recipient key off the curve is refused by name', async (t) => {
  const off = new Uint8Array(65).fill(4);
  for (const primitives of [nodePrimitives, webPrimitives]) {
    await t.throwsAsync(hpkeSeal(primitives, { recipient: off, info: off }, off, off), { code: 'E_POINT' });
  }
});
