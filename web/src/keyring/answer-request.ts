import { DomainError, equalBytes, fromUtf8, utf8 } from '@qej/kernel';
import { getPurpose, OID, parseCertificate, signCms, purposes, webCryptoSigner } from '@qej/pki';
import { bidderCommit, bidderHalf, openMessage, webCryptoDecrypter, webCryptoProvider } from '@qej/sealed-bid';
import type { StoredIdentity } from './identity-store.ts';
import type { KeyringCalls, KeyringKind, KeyringRequest } from './protocol.ts';

const signerOf = ({ signKey, certificate, chain }: StoredIdentity) => webCryptoSigner(signKey, certificate, chain);

function decryptKeyOf({ decrypt }: StoredIdentity): { readonly key: CryptoKey; readonly point: Uint8Array } {
  if (decrypt === undefined) throw new DomainError('E_KEYRING_IDENTITY', { detail: 'no encryption key' });
  const { publicKey } = parseCertificate(decrypt.certificate);
  if (publicKey.kind !== 'ec-p256') throw new DomainError('E_KEYRING_IDENTITY', { detail: 'no P-256 key' });
  return { key: decrypt.key, point: publicKey.point };
}

async function halvesOf(
  identity: StoredIdentity,
  { wrappedSecret, registerContext, stages }: KeyringCalls['unwrap-half']['ask'],
): Promise<KeyringCalls['unwrap-half']['answer']> {
  const { key, point } = decryptKeyOf(identity);
  const secret = await webCryptoDecrypter(key, point).unwrap(wrappedSecret, registerContext);
  const halves = await Promise.all(
    stages.map(async ({ stage, context, halfCommit }) => {
      const half = await bidderHalf(webCryptoProvider, secret, context);
      // Whatever does not fit the commitment is not given away: it would be a value for some other bid.
      if (!equalBytes(await bidderCommit(webCryptoProvider, context, half), halfCommit))
        throw new DomainError('E_BIDDER_HALF', { params: { stage } });
      return { stage, half };
    }),
  );
  secret.fill(0);
  return { halves };
}

type Answers = {
  readonly [K in KeyringKind]: (
    identity: StoredIdentity,
    ask: KeyringCalls[K]['ask'],
  ) => Promise<KeyringCalls[K]['answer']>;
};

const answers: Answers = {
  sign: async (identity, { purpose, content }) => {
    const { eContentType } = getPurpose(purpose);
    const cms = await signCms({ content, detached: true, eContentType, signer: signerOf(identity) });
    return { cms, certificate: identity.certificate };
  },
  'sign-digest': async (identity, { digest }) => {
    const cms = await signCms({ contentDigest: digest, eContentType: OID.data, signer: signerOf(identity) });
    return { cms, certificate: identity.certificate };
  },
  certificates: async ({ certificate, chain, decrypt }) => ({
    sign: certificate,
    chain,
    ...(decrypt === undefined ? {} : { encrypt: decrypt.certificate }),
  }),
  'unwrap-half': halvesOf,
  decrypt: async (identity, { envelope, info }) => {
    const { key, point } = decryptKeyOf(identity);
    return { plain: await openMessage(key, { recipient: point, info }, envelope) };
  },
};

/** Does what the person confirmed. @throws DomainError of @qej/pki, @qej/sealed-bid, or `E_KEYRING_IDENTITY` */
export function answerRequest(
  identity: StoredIdentity,
  { kind, ask }: KeyringRequest,
): Promise<KeyringCalls[KeyringKind]['answer']> {
  // `kind` and `ask` of one request belong together; the table is keyed by kind.
  const answer = answers[kind] as (
    identity: StoredIdentity,
    ask: KeyringRequest['ask'],
  ) => Promise<KeyringCalls[KeyringKind]['answer']>;
  return answer(identity, ask);
}

/** A log-in names the site it is for; any other site must not get it. */
function isForeignLogin(purpose: string, content: Uint8Array, appOrigin: string): boolean {
  if (purpose !== 'qej-login/1') return false;
  try {
    const challenge: unknown = JSON.parse(fromUtf8(content));
    return !(
      typeof challenge === 'object' &&
      challenge !== null &&
      'origin' in challenge &&
      challenge.origin === appOrigin
    );
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return true; // no JSON, no UTF-8: no challenge
    throw error;
  }
}

const WALLET = utf8('qej-wallet/1');
const GUARANTEE = utf8('qej-guarantee-envelope/1\0');

/**
 * Contexts of sealed messages that a page may read whole (docs/formats: intake, guarantee-envelope). A bid's wrapped
 * secret has its own context, 32 bytes of a hash: opened here it would give away the halves of every stage at once.
 */
const isReadable = (info: Uint8Array): boolean =>
  equalBytes(info, WALLET) || equalBytes(info.subarray(0, GUARANTEE.length), GUARANTEE);

/** Why a request is refused without asking anybody; `E_KEYRING_REQUEST` on the wire. */
export function refusalOf(request: KeyringRequest, appOrigin: string): 'unknownPurpose' | 'wrongOrigin' | undefined {
  if (request.kind === 'decrypt') return isReadable(request.ask.info) ? undefined : 'unknownPurpose';
  if (request.kind !== 'sign') return undefined;
  const { purpose, content } = request.ask;
  // A PDF is signed over its digest; the plain purpose would sign id-data over arbitrary bytes.
  if (purpose === 'qej-pdf/1' || !purposes.some((known) => known.purpose === purpose)) return 'unknownPurpose';
  return isForeignLogin(purpose, content, appOrigin) ? 'wrongOrigin' : undefined;
}
