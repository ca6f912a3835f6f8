import { DomainError, fromBase64, toBase64, utf8 } from '@qej/kernel';
import type { Passkeys } from '@qej/usecases';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';

const refuse = (cause: unknown): never => {
  throw new DomainError('E_PASSKEY', { cause });
};

/** WebAuthn level 3 for one origin; user verification is always asked for. */
export function makePasskeys({ origin }: { readonly origin: string }): Passkeys {
  const rpID = new URL(origin).hostname;
  return {
    registrationOptions: async ({ userId, name, known }) => {
      const options = await generateRegistrationOptions({
        rpName: '青e见 QingEJian',
        rpID,
        userID: utf8(userId),
        userName: name,
        userDisplayName: name,
        attestationType: 'none',
        excludeCredentials: known.map((id) => ({ id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
      return { challenge: options.challenge, options };
    },
    verifyRegistration: async (response, challenge) => {
      // Shape is checked by the library; whatever is wrong becomes one refusal.
      const verified = await verifyRegistrationResponse({
        response: response as RegistrationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: rpID,
        requireUserVerification: true,
      }).catch(refuse);
      if (!verified.verified) return refuse('not verified');
      const { credential } = verified.registrationInfo;
      return {
        credentialId: credential.id,
        publicKey: toBase64(credential.publicKey),
        counter: credential.counter,
        transports: credential.transports ?? [],
      };
    },
    loginOptions: async () => {
      const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' });
      return { challenge: options.challenge, options };
    },
    credentialOf: (response) => {
      if (typeof response === 'object' && response !== null && 'id' in response && typeof response.id === 'string')
        return response.id;
      return refuse('no credential id');
    },
    verifyLogin: async (response, challenge, passkey) => {
      const verified = await verifyAuthenticationResponse({
        response: response as AuthenticationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: rpID,
        requireUserVerification: true,
        credential: {
          id: passkey.credentialId,
          publicKey: fromBase64(passkey.publicKey),
          counter: passkey.counter,
          transports: passkey.transports as AuthenticatorTransport[],
        },
      }).catch(refuse);
      return verified.verified ? verified.authenticationInfo.newCounter : refuse('not verified');
    },
  };
}
