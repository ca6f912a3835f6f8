import type { Json } from '@qej/kernel';
import type { ByteSource } from './byte-source.ts';
import type { HolderGroup } from './core.ts';
import type { SealSecrets } from './seal-secrets.ts';
import type { ContentStage, OpeningMode } from './stages.ts';

export interface SealFile {
  /** File name as the bidder gave it, at most 255 UTF-16 units, no path; brought to NFC. */
  readonly name: string;
  readonly mediaType: string;
  /** Which part of the bid it is, as the tender document names parts, e.g. `main`. */
  readonly part: string;
  readonly source: ByteSource;
}

export interface SealStage extends HolderGroup {
  readonly stage: ContentStage;
  readonly files: readonly SealFile[];
  /** Small data of the stage that the caller validates; null if none. */
  readonly fields?: Json;
  /** Required in stage `price`, refused elsewhere. */
  readonly price?: Json;
}

export interface SealInput {
  /** SHA-256 of the first notice, hex. */
  readonly noticeHash: string;
  /** SHA-256 of the edition of the tender document that this bid answers, hex. */
  readonly editionHash: string;
  /** Suite of the notice; another one than the provider's is `E_SUITE`. */
  readonly suite: string;
  readonly lotId: string;
  /** Name of the slot, fresh and random (kernel `newId`). */
  readonly opaqueId: string;
  readonly opening: OpeningMode;
  /** DER of the certificate that will sign the manifest. */
  readonly ownerCertificate: Uint8Array;
  /** 65-byte point of the bidder's encryption certificate; needed in a joint opening. */
  readonly bidderKey?: Uint8Array;
  readonly register: HolderGroup;
  /** In opening order. */
  readonly stages: readonly SealStage[];
  readonly secrets: SealSecrets;
  /** Hash of the seal message that this one replaces. */
  readonly prev?: string;
}
