/** An imported identity: keys are CryptoKeys that cannot be exported, certificates are DER. */
export interface StoredIdentity {
  /** SHA-256 of the signing certificate, lower-case hex. */
  readonly id: string;
  readonly name: string;
  readonly organization: string;
  /** UTC milliseconds. */
  readonly notAfter: number;
  readonly signKey: CryptoKey;
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly decrypt?: { readonly key: CryptoKey; readonly certificate: Uint8Array };
}

const DATABASE = 'qej-keyring';
const STORE = 'identities';

const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('the browser refused its storage')));
  });

export interface IdentityStore {
  list(): Promise<readonly StoredIdentity[]>;
  put(identity: StoredIdentity): Promise<void>;
  forget(id: string): Promise<void>;
}

/** IndexedDB of the keyring's origin: no other page can read it, and no script can read the keys out. */
export async function openIdentityStore(): Promise<IdentityStore> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.addEventListener('upgradeneeded', () => {
    opening.result.createObjectStore(STORE, { keyPath: 'id' });
  });
  const database = await answerOf(opening);
  const store = (mode: IDBTransactionMode): IDBObjectStore => database.transaction(STORE, mode).objectStore(STORE);
  return {
    list: () => answerOf(store('readonly').getAll() as IDBRequest<StoredIdentity[]>),
    put: async (identity) => {
      await answerOf(store('readwrite').put(identity));
    },
    forget: async (id) => {
      await answerOf(store('readwrite').delete(id));
    },
  };
}
