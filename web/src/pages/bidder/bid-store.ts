import type { Wallet } from '@qej/client';

/** Where a sealing was cut off: with it the same bytes come out again. Secrets of 64 bytes; gone once the receipt is here. */
export interface StoredAttempt {
  readonly attempt: Uint8Array;
  readonly capability: Uint8Array;
  readonly opaqueId: string;
  /** What was to be sealed; another input needs a new attempt. */
  readonly fingerprint: string;
  readonly session: string;
  readonly sessionExpiresAt: string;
}
/** A receipt kept in this browser. */
export interface StoredReceipt {
  readonly userId: string;
  readonly tenderId: string;
  readonly code: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly messageHash: string;
  readonly kind: 'seal' | 'withdrawal';
  readonly receivedAt: string;
  readonly included: boolean;
  /** Canonical bytes of the receipt package. */
  readonly receipt: Uint8Array;
  /** Sealed by the same bidder later, or withdrawn. */
  readonly replacedBy?: string;
  readonly withdrawn?: true;
}
/** A guarantee as it came out of its envelope. */
export interface StoredCertificate {
  readonly orderId: string;
  readonly guarantorId: string;
  readonly lotId: string;
  readonly number: string;
  readonly verificationCode: string;
  readonly certificateSha256: string;
  readonly qr: string;
  readonly k: string;
  readonly amount: string;
  readonly validTo: string;
  readonly pdf: Uint8Array;
}
/** The wallet as last seen here, and the hash of the blob on the platform that it is equal to. */
export interface StoredWallet {
  readonly wallet: Wallet;
  readonly blobSha256: string | undefined;
}

interface Stores {
  readonly wallets: StoredWallet;
  readonly attempts: StoredAttempt;
  readonly journal: Uint8Array;
  readonly receipts: StoredReceipt;
  readonly certificates: StoredCertificate;
}
const NAME = 'qej-bidder';
const VERSION = 1;
const names: readonly (keyof Stores)[] = ['wallets', 'attempts', 'journal', 'receipts', 'certificates'];

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')));
  });

let opening: Promise<IDBDatabase> | undefined;
function open(): Promise<IDBDatabase> {
  opening ??= (() => {
    const request = indexedDB.open(NAME, VERSION);
    request.addEventListener('upgradeneeded', () => {
      for (const name of names) request.result.createObjectStore(name);
    });
    return settled(request);
  })();
  return opening;
}
const store = async (name: keyof Stores, mode: IDBTransactionMode): Promise<IDBObjectStore> =>
  (await open()).transaction(name, mode).objectStore(name);

/** Keeps of a bidder in this browser (IndexedDB); every key begins with the person's id. */
export const bidStore = {
  get: async <K extends keyof Stores>(name: K, key: string): Promise<Stores[K] | undefined> =>
    settled((await store(name, 'readonly')).get(key)) as Promise<Stores[K] | undefined>, // written by put alone
  put: async <K extends keyof Stores>(name: K, key: string, value: Stores[K]): Promise<void> => {
    await settled((await store(name, 'readwrite')).put(value, key));
  },
  remove: async (name: keyof Stores, key: string): Promise<void> => {
    await settled((await store(name, 'readwrite')).delete(key));
  },
  /** All whose key begins with the prefix. */
  list: async <K extends keyof Stores>(name: K, prefix: string): Promise<readonly Stores[K][]> => {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    return settled((await store(name, 'readonly')).getAll(range)) as Promise<Stores[K][]>;
  },
  removeAll: async (name: keyof Stores, prefix: string): Promise<void> => {
    await settled((await store(name, 'readwrite')).delete(IDBKeyRange.bound(prefix, `${prefix}\uffff`)));
  },
};
