import type { BasePorts, PlatformTrust } from '../ports.ts';

export interface StoredPasskey {
  readonly credentialId: string;
  /** COSE key, base64. */
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
}

/** WebAuthn level 3 ceremonies; the adapter owns the library. */
export interface Passkeys {
  registrationOptions(user: {
    readonly userId: string;
    readonly name: string;
    readonly known: readonly string[];
  }): Promise<{ readonly challenge: string; readonly options: unknown }>;
  /** @throws DomainError `E_PASSKEY` */
  verifyRegistration(response: unknown, challenge: string): Promise<StoredPasskey>;
  loginOptions(): Promise<{ readonly challenge: string; readonly options: unknown }>;
  /** The credential id that the answer names. @throws DomainError `E_PASSKEY` */
  credentialOf(response: unknown): string;
  /** @returns the new counter. @throws DomainError `E_PASSKEY` */
  verifyLogin(response: unknown, challenge: string, passkey: StoredPasskey): Promise<number>;
}

export interface PlatformFacts {
  readonly origin: string;
  readonly keyringOrigin: string;
  readonly intakeOrigin: string;
  /** Demo rules are enabled: only where `./qej up` made the database. */
  readonly demo: boolean;
  readonly databaseName: string;
  readonly startedAt: number;
}

export interface IdentityPorts extends BasePorts {
  readonly trust: PlatformTrust;
  readonly passkeys: Passkeys;
  readonly facts: PlatformFacts;
}
