import type { Purpose } from '@qej/pki';
import { fromBase64, fromHex, toBase64 } from '@qej/kernel';
import { onScopeDispose, ref } from 'vue';
import { useApi } from '../api/client.ts';
import { keyringOrigin } from '../api/origins.ts';
import type { Bilingual, DocumentRef } from '../api/views.ts';
import { KeyringWindow } from '../keyring/keyring-window.ts';
import type { KeyringCalls, KeyringKind } from '../keyring/protocol.ts';
import { usePreferences } from '../stores/preferences.ts';

type Answer<K extends KeyringKind> = Promise<KeyringCalls[K]['answer']>;
type UnwrapAsk = Omit<KeyringCalls['unwrap-half']['ask'], 'title'>;

/**
 * The person's keys, in the keyring window on its own origin. Call `open()` first thing in the click handler (a
 * browser opens no window later), then ask; the window stays for further questions and closes with the page.
 * Every method throws `DomainError` with `E_KEYRING_*` or the code of what failed inside; show it with `ErrorNotice`.
 */
export function useSigner() {
  const api = useApi();
  const preferences = usePreferences();
  const keyring = new KeyringWindow(keyringOrigin(), () => preferences.language);
  /** True while the person is expected to confirm in the window. */
  const waiting = ref(false);
  onScopeDispose(() => keyring.close());

  const ask = async <K extends KeyringKind>(
    kind: K,
    question: KeyringCalls[K]['ask'],
    fingerprint?: string,
  ): Answer<K> => {
    waiting.value = true;
    try {
      return await keyring.ask(kind, question, fingerprint);
    } finally {
      waiting.value = false;
    }
  };
  /** The account's bound signing certificate with the longest life. @throws DomainError `E_CERT_UNBOUND` */
  const signPdf = async (document: Pick<DocumentRef, 'documentId'>): Promise<DocumentRef> => {
    keyring.open();
    const { items } = await api.listMyCertificates({});
    const bound = items
      .filter(({ usage }) => usage === 'sign')
      .toSorted((one, other) => other.notAfter.localeCompare(one.notAfter))[0];
    const certificate = bound?.certificate ?? toBase64((await ask('certificates', { title: whichCertificate })).sign);
    const { documentId } = document;
    const prepared = await api.prepareSignature({ params: { documentId }, body: { certificate } });
    const { cms } = await ask(
      'sign-digest',
      { digest: fromHex(prepared.digest), title: prepared.title },
      bound?.fingerprint,
    );
    return api.completeSignature({
      params: { documentId },
      body: { preparationId: prepared.preparationId, cms: toBase64(cms) },
    });
  };
  return {
    waiting,
    open: () => keyring.open(),
    close: () => keyring.close(),
    /** Detached CMS, base64 as the API takes it. `content`: exactly the bytes that the server recomputes. */
    sign: async (purpose: Purpose, content: Uint8Array, title: Bilingual): Promise<string> =>
      toBase64((await ask('sign', { purpose, content, title })).cms),
    /** Prepares, signs and completes one PDF signature. */
    signPdf,
    /** DER of the chosen identity. */
    certificates: (title: Bilingual = whichCertificate): Answer<'certificates'> => ask('certificates', { title }),
    /** Only the halves leave the keyring. */
    unwrapHalves: (unwrap: UnwrapAsk, title: Bilingual): Answer<'unwrap-half'> =>
      ask('unwrap-half', { ...unwrap, title }),
    /** A message sealed to the encryption certificate. */
    decrypt: async (envelope: string, info: Uint8Array, title: Bilingual): Promise<Uint8Array> =>
      (await ask('decrypt', { envelope: fromBase64(envelope), info, title })).plain,
  };
}

const whichCertificate: Bilingual = { zh: '读取证书（仅公开部分）', en: 'Read my certificates (public part only)' };
