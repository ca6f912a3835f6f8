/**
 * Messages between a page of the app and the keyring window, another origin (SEALING: keys in the browser).
 * The app opens the window; the window says `ready` to its opener; then one request at a time, each answered once.
 * Both sides compare `event.origin` with the one configured origin and `event.source` with the one window.
 */
export const KEYRING_PROTOCOL = 'qej-keyring/1';

interface Bilingual {
  readonly zh: string;
  readonly en: string;
}
interface Half {
  readonly stage: string;
  /** 32 bytes: b_s of docs/formats/sealed-bid.md. */
  readonly half: Uint8Array;
}

/** What can be asked, and what comes back. */
export interface KeyringCalls {
  /** Detached CAdES signature over `content`; the purpose is the CMS content type. */
  readonly sign: {
    readonly ask: { readonly purpose: string; readonly content: Uint8Array; readonly title: Bilingual };
    readonly answer: { readonly cms: Uint8Array; readonly certificate: Uint8Array };
  };
  /** PAdES: signature over the SHA-256 of a prepared PDF. */
  readonly 'sign-digest': {
    readonly ask: { readonly digest: Uint8Array; readonly title: Bilingual };
    readonly answer: { readonly cms: Uint8Array; readonly certificate: Uint8Array };
  };
  /** The public certificates of the chosen identity, DER. */
  readonly certificates: {
    readonly ask: { readonly title: Bilingual };
    readonly answer: {
      readonly sign: Uint8Array;
      readonly encrypt?: Uint8Array;
      readonly chain: readonly Uint8Array[];
    };
  };
  /** Unwraps the bidder's secret and gives away only the halves of the named stages. */
  readonly 'unwrap-half': {
    readonly ask: {
      readonly title: Bilingual;
      readonly wrappedSecret: Uint8Array;
      readonly registerContext: Uint8Array;
      readonly stages: readonly {
        readonly stage: string;
        readonly context: Uint8Array;
        readonly halfCommit: Uint8Array;
      }[];
    };
    readonly answer: { readonly halves: readonly Half[] };
  };
  /** Opens a message sealed to the encryption certificate (HPKE, RFC 9180 base mode). */
  readonly decrypt: {
    readonly ask: { readonly title: Bilingual; readonly envelope: Uint8Array; readonly info: Uint8Array };
    readonly answer: { readonly plain: Uint8Array };
  };
}
export type KeyringKind = keyof KeyringCalls;

export type KeyringRequest = {
  readonly [K in KeyringKind]: {
    readonly protocol: typeof KEYRING_PROTOCOL;
    readonly type: 'request';
    readonly id: string;
    readonly kind: K;
    readonly ask: KeyringCalls[K]['ask'];
    /** SHA-256 of the signing certificate that must be used, lower-case hex; without it the person chooses. */
    readonly fingerprint?: string;
  };
}[KeyringKind];

export type KeyringReply =
  | { readonly protocol: typeof KEYRING_PROTOCOL; readonly type: 'ready' }
  | {
      readonly protocol: typeof KEYRING_PROTOCOL;
      readonly type: 'answer';
      readonly id: string;
      readonly ok: true;
      readonly value: KeyringCalls[KeyringKind]['answer'];
    }
  | {
      readonly protocol: typeof KEYRING_PROTOCOL;
      readonly type: 'answer';
      readonly id: string;
      readonly ok: false;
      readonly code: string;
    };

/** Refusals around the window; what happens inside it keeps the codes of @qej/pki and @qej/sealed-bid. */
export const keyringErrorCodes = [
  'E_KEYRING_BLOCKED', // the browser opened no window
  'E_KEYRING_CLOSED', // the person closed it
  'E_KEYRING_REFUSED', // the person said no
  'E_KEYRING_SILENT', // it did not load
  'E_KEYRING_BUSY', // a request is open already
  'E_KEYRING_REQUEST', // malformed, or a purpose that is not on the list
  'E_KEYRING_IDENTITY', // the named certificate is not in the keyring, or has no key for this
  'E_KEYRING_FAILED', // none of the others
] as const;
export type KeyringErrorCode = (typeof keyringErrorCodes)[number];

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A reply of our protocol, as it comes out of `event.data`. */
export function readReply(data: unknown): KeyringReply | undefined {
  if (!isRecord(data) || data['protocol'] !== KEYRING_PROTOCOL) return undefined;
  if (data['type'] === 'ready') return { protocol: KEYRING_PROTOCOL, type: 'ready' };
  if (data['type'] !== 'answer' || typeof data['id'] !== 'string') return undefined;
  const { id } = data;
  if (data['ok'] === true && isRecord(data['value'])) {
    // The keyring is our own page on a checked origin; the shape was built by its handler of the same kind.
    const value = data['value'] as unknown as KeyringCalls[KeyringKind]['answer'];
    return { protocol: KEYRING_PROTOCOL, type: 'answer', id, ok: true, value };
  }
  const code = typeof data['code'] === 'string' ? data['code'] : 'E_KEYRING_FAILED';
  return { protocol: KEYRING_PROTOCOL, type: 'answer', id, ok: false, code };
}

const isBytes = (value: unknown): boolean => value instanceof Uint8Array;
const isTitle = (value: unknown): boolean =>
  isRecord(value) && typeof value['zh'] === 'string' && typeof value['en'] === 'string';
const isStage = (value: unknown): boolean =>
  isRecord(value) && typeof value['stage'] === 'string' && isBytes(value['context']) && isBytes(value['halfCommit']);

/** Members of each question, checked before anything of it is shown. */
const shapes: Readonly<Record<KeyringKind, (ask: Record<string, unknown>) => boolean>> = {
  sign: (ask) => typeof ask['purpose'] === 'string' && isBytes(ask['content']),
  'sign-digest': (ask) => ask['digest'] instanceof Uint8Array && ask['digest'].length === 32,
  certificates: () => true,
  'unwrap-half': (ask) =>
    isBytes(ask['wrappedSecret']) &&
    isBytes(ask['registerContext']) &&
    Array.isArray(ask['stages']) &&
    ask['stages'].every(isStage),
  decrypt: (ask) => isBytes(ask['envelope']) && isBytes(ask['info']),
};
const isKind = (value: unknown): value is KeyringKind => typeof value === 'string' && Object.hasOwn(shapes, value);

/** A well-formed request, or undefined; the origin was checked before. */
export function readRequest(data: unknown): KeyringRequest | undefined {
  if (!isRecord(data) || data['protocol'] !== KEYRING_PROTOCOL || data['type'] !== 'request') return undefined;
  const { id, kind, ask, fingerprint } = data;
  if (typeof id !== 'string' || !isKind(kind) || !isRecord(ask) || !isTitle(ask['title'])) return undefined;
  if (fingerprint !== undefined && (typeof fingerprint !== 'string' || !/^[0-9a-f]{64}$/.test(fingerprint)))
    return undefined;
  if (!shapes[kind](ask)) return undefined;
  return data as unknown as KeyringRequest; // every member was looked at above
}
