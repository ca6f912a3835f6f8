import type { Role } from '@qej/contract';
import { openPkcs12 } from '@qej/pki';
import type { DecryptKey, Signer } from '@qej/pki';

/** A person with keys: what a PKCS#12 file gives, and the second factor where the role needs one. */
export interface Identity {
  readonly id: string;
  readonly signer: Signer;
  /** Key of the encryption certificate; absent where the file holds none. */
  readonly decryptKey: DecryptKey | undefined;
  /** Base32. */
  readonly totpSecret?: string;
  /** Role to act in where the person has several. */
  readonly actAs?: Role;
}

/** @throws DomainError `E_P12_*` */
export async function identityFromPkcs12(
  bytes: Uint8Array,
  passphrase: string,
  of: { readonly id: string; readonly totpSecret?: string; readonly actAs?: Role },
): Promise<Identity> {
  const { signers, decryptKeys } = await openPkcs12(bytes, passphrase);
  const [signer] = signers;
  if (signer === undefined) throw new Error(`${of.id}: the file holds no signing key`);
  return { ...of, signer, decryptKey: decryptKeys[0] };
}
