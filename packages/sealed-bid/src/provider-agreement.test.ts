import { toHex } from '@qej/kernel';
import test from 'ava';
import fc from 'fast-check';
import { webCryptoProvider } from './index.ts';
import { nodeProvider } from './node.ts';

const bytes = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength });

test('both providers hash, derive, wrap, seal and sign to the same bytes', async (t) => {
  await fc.assert(
    fc.asyncProperty(bytes(32), bytes(48), bytes(0, 99), fc.nat(0xffff_ffff), async (key, coins, text, index) => {
      const results = await Promise.all(
        [webCryptoProvider, nodeProvider].map(async (p) => {
          const point = await p.publicKeyOf(key);
          if (point === undefined) return ['no key'];
          const at = { index, last: index % 2 === 1 };
          return [
            point,
            await p.hash(text, key),
            await p.mac(key, text, coins),
            await p.hkdf(coins, key, text, 80),
            await p.hkdfExpand(await p.hkdfExtract(key, text), coins, 100),
            await p.aeadSeal(key, at, text, coins),
            await p.wrap(point, key, text, coins),
            await p.sign(key, text),
          ].map((one) => toHex(one));
        }),
      );
      t.deepEqual(results[0], results[1]);
    }),
    { numRuns: 12 },
  );
});

test('each provider accepts the other’s signature and refuses it over other bytes', async (t) => {
  await fc.assert(
    fc.asyncProperty(bytes(32), bytes(1, 50), async (scalar, message) => {
      for (const [signer, verifier] of [
        [webCryptoProvider, nodeProvider],
        [nodeProvider, webCryptoProvider],
      ] as const) {
        const point = await signer.publicKeyOf(scalar);
        if (point === undefined) return;
        const signature = await signer.sign(scalar, message);
        t.true(await verifier.verify(point, message, signature));
        t.false(
          await verifier.verify(
            point,
            message.map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
            signature,
          ),
        );
      }
    }),
    { numRuns: 6 },
  );
});

test('a scalar of zero or of the group order gives no key', async (t) => {
  const order = Uint8Array.from(
    'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'.match(/../g) ?? [],
    (h) => Number.parseInt(h, 16),
  );
  for (const provider of [webCryptoProvider, nodeProvider]) {
    t.is(await provider.publicKeyOf(new Uint8Array(32)), undefined);
    t.is(await provider.publicKeyOf(order), undefined);
  }
});
