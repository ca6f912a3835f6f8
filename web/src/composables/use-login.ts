import { canonicalBytes, DomainError, toBase64, utf8 } from '@qej/kernel';
import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { useApi } from '../api/client.ts';
import type { SessionView } from '../api/views.ts';
import { useSession } from '../stores/session.ts';
import { useSigner } from './use-signer.ts';

/** The authenticator's own refusals all mean: not confirmed. */
async function ceremony<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof WebAuthnError || cause instanceof DOMException)
      throw new DomainError('E_PASSKEY_CANCELLED', { cause });
    throw cause;
  }
}

/** Passkeys need a domain name: an address such as 127.0.0.1 has none (WebAuthn level 3, relying party id). */
export const arePasskeysPossible = (): boolean => browserSupportsWebAuthn() && !/^[\d.]+$|^\[/.test(location.hostname);

/** The ways in, and what belongs to one's own account. Each leaves the session in the store. */
export function useLogin() {
  const api = useApi();
  const session = useSession();
  const signer = useSigner();

  const byPasskey = async (): Promise<void> => {
    const { challengeId, options } = await api.passkeyLoginOptions({ body: {} });
    // Made by the server's WebAuthn library in its JSON form.
    const optionsJSON = options as PublicKeyCredentialRequestOptionsJSON;
    const response = await ceremony(startAuthentication({ optionsJSON }));
    session.accept(await api.loginWithPasskey({ body: { challengeId, response } }));
  };
  const byCertificate = async (): Promise<void> => {
    signer.open();
    const { origin, nonce, expiresAt } = await api.certificateChallenge({ body: {} });
    const title = { zh: '登录青e见', en: 'Log in to QingEJian' };
    const cms = await signer.sign('qej-login/1', canonicalBytes({ origin, nonce, expiresAt }), title);
    session.accept(await api.loginWithCertificate({ body: { nonce, cms } }));
    signer.close();
  };
  /** With an enrolment link, or for the account that is logged in. */
  const enrolPasskey = async (enrolment?: string): Promise<SessionView> => {
    const link = enrolment === undefined ? {} : { enrolment };
    const options = await api.passkeyRegistrationOptions({ body: link });
    const optionsJSON = options as PublicKeyCredentialCreationOptionsJSON; // as above
    const response = await ceremony(startRegistration({ optionsJSON }));
    const view = await api.registerPasskey({ body: { ...link, response } });
    session.accept(view);
    return view;
  };
  /** Signs possession in the keyring and binds both certificates to the account. */
  const bindCertificates = async (): Promise<void> => {
    signer.open();
    const owner = session.session;
    if (owner === undefined) throw new DomainError('E_LOGIN_REQUIRED');
    const { encrypt } = await signer.certificates();
    const title = { zh: `把证书绑定到账户 ${owner.name}`, en: `Bind the certificate to the account of ${owner.name}` };
    const cms = await signer.sign('qej-bind/1', utf8(`bind ${owner.userId}`), title);
    await api.bindCertificate({
      body: { cms, ...(encrypt === undefined ? {} : { encryptionCertificate: toBase64(encrypt) }) },
    });
    signer.close();
  };
  return { byPasskey, byCertificate, enrolPasskey, bindCertificates, waiting: signer.waiting };
}
