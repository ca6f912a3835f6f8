import { canonicalBytes, concatBytes, DomainError, parseCanonical, u32be, utf8 } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { sealMessage } from '@qej/sealed-bid';
import type { SealBody } from '@qej/sealed-bid';

/** A guarantee order with the secret that opens its commitment. */
export interface WalletOrder {
  readonly orderId: string;
  readonly guarantorId: string;
  readonly tenderId: string;
  readonly lotId: string;
  /** 32 bytes, hex. */
  readonly k: string;
  /** Canonical bytes of the application, base64. */
  readonly application: string;
  readonly at: string;
}
/** A seal that was sent, with the key that may replace or withdraw it. */
export interface WalletSeal {
  readonly tenderId: string;
  readonly messageHash: string;
  readonly body: SealBody;
  /** Scalar of the capability key, hex. */
  readonly capability: string;
  readonly at: string;
}
/** What only the bidder may know and must not lose. Newest first. */
export interface Wallet {
  readonly v: 1;
  readonly orders: readonly WalletOrder[];
  readonly seals: readonly WalletSeal[];
}

export const emptyWallet: Wallet = { v: 1, orders: [], seals: [] };
/** HPKE info of the blob. */
export const walletInfo = utf8('qej-wallet/1');
/** Every blob has this many bytes, empty or full (docs/formats/intake.md). */
const BLOB_LENGTH = 65_536;
/** enc 65 and tag 16. */
const PLAIN_LENGTH = BLOB_LENGTH - 81;

const newestFirst = <T extends { readonly at: string }>(items: Iterable<T>): T[] =>
  [...items].toSorted((one, other) => other.at.localeCompare(one.at));

/** Everything of both; the same order or seal once. */
export const mergeWallets = (one: Wallet, other: Wallet): Wallet => ({
  v: 1,
  orders: newestFirst(new Map([...other.orders, ...one.orders].map((each) => [each.orderId, each])).values()),
  seals: newestFirst(new Map([...other.seals, ...one.seals].map((each) => [each.messageHash, each])).values()),
});

const encode = (wallet: Wallet): Uint8Array => canonicalBytes(wallet as unknown as Json); // plain JSON by its type

/** Gives up the oldest until it fits. */
function fitted(wallet: Wallet): Uint8Array {
  let { orders, seals } = wallet;
  for (;;) {
    const bytes = encode({ v: 1, orders, seals });
    if (bytes.length + 4 <= PLAIN_LENGTH) return bytes;
    if (orders.length >= seals.length) orders = orders.slice(0, -1);
    else seals = seals.slice(0, -1);
  }
}

/** Sealed to the own encryption certificate's point; needs no private key. @throws DomainError `E_POINT` */
export function sealWallet(point: Uint8Array, wallet: Wallet): Promise<Uint8Array> {
  const json = fitted(wallet);
  const padding = new Uint8Array(PLAIN_LENGTH - 4 - json.length);
  return sealMessage({ recipient: point, info: walletInfo }, concatBytes(u32be(json.length), json, padding));
}

/** From what the keyring decrypted with {@link walletInfo}. @throws DomainError `E_FORMAT`, `E_VERSION` */
export function parseWallet(plain: Uint8Array): Wallet {
  const refuse = (): never => {
    throw new DomainError('E_FORMAT', { detail: 'not a wallet' });
  };
  if (plain.length !== PLAIN_LENGTH) return refuse();
  const length = new DataView(plain.buffer, plain.byteOffset).getUint32(0);
  if (length + 4 > plain.length) return refuse();
  const value: unknown = parseCanonical(plain.slice(4, 4 + length));
  if (typeof value !== 'object' || value === null || !('v' in value)) return refuse();
  if (value.v !== 1) throw new DomainError('E_VERSION', { detail: `wallet ${String(value.v)}` });
  const wallet = value as Wallet; // written by sealWallet alone, and only the owner can write what it can read
  return Array.isArray(wallet.orders) && Array.isArray(wallet.seals) ? wallet : refuse();
}
