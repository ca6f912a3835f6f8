import test from 'ava';
import { openMessage } from '@qej/sealed-bid';
import { emptyWallet, mergeWallets, parseWallet, sealWallet, walletInfo } from './wallet.ts';
import type { Wallet, WalletOrder } from './wallet.ts';

const order = (n: number): WalletOrder => ({
  orderId: n.toString(16).padStart(32, '0'),
  guarantorId: 'bank',
  tenderId: 'a'.repeat(32),
  lotId: 'b'.repeat(32),
  k: 'c'.repeat(64),
  application: 'A'.repeat(900),
  at: `2026-11-23T05:00:00.${String(n).padStart(3, '0')}Z`,
});

async function keyPair() {
  const { subtle } = globalThis.crypto;
  const pair = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  return { key: pair.privateKey, point: new Uint8Array(await subtle.exportKey('raw', pair.publicKey)) };
}

test('a wallet has one length, empty or overfull, and keeps the newest', async (t) => {
  const { key, point } = await keyPair();
  const full: Wallet = { v: 1, orders: Array.from({ length: 200 }, (_, i) => order(200 - i)), seals: [] };
  const opened: Wallet[] = [];
  for (const wallet of [emptyWallet, full]) {
    const blob = await sealWallet(point, wallet);
    t.is(blob.length, 65_536);
    opened.push(parseWallet(await openMessage(key, { recipient: point, info: walletInfo }, blob)));
  }
  t.deepEqual(opened[0], emptyWallet);
  t.is(opened[1]?.orders[0]?.orderId, order(200).orderId);
  t.true((opened[1]?.orders.length ?? 0) > 40);
  t.true((opened[1]?.orders.length ?? 0) < 200);
});

test('merging keeps everything once, newest first', (t) => {
  const one: Wallet = { v: 1, orders: [order(2), order(1)], seals: [] };
  const other: Wallet = { v: 1, orders: [order(3), order(2)], seals: [] };
  t.deepEqual(mergeWallets(one, other).orders, [order(3), order(2), order(1)]);
});

test('another version and a foreign plaintext are refused', (t) => {
  t.throws(() => parseWallet(new Uint8Array(10)), { code: 'E_FORMAT' });
  const plain = new Uint8Array(65_536 - 81);
  const json = new TextEncoder().encode('{"orders":[],"seals":[],"v":2}');
  new DataView(plain.buffer).setUint32(0, json.length);
  plain.set(json, 4);
  t.throws(() => parseWallet(plain), { code: 'E_VERSION' });
});
