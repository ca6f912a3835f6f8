import { concatBytes, lengthValue, toHex } from '@qej/kernel';
import { blockKey } from './content-keys.ts';
import { refusal } from './errors.ts';
import { encodeHeader, headerHash, parseHeader, type Header } from './header.ts';
import type { CryptoProvider } from './provider.ts';
import { encodeRegisterRecord, registerRecordSize, sealBlock, type RegisterRecord } from './record.ts';

/** LV(header) ‖ record ciphertext ‖ zeros, always this long. */
export const REGISTER_LENGTH = 16_384;
const STEP = 1024;

/** The header with the largest record (whole KiB) that still fits. @throws DomainError `E_REGISTER_SIZE` */
export function fitRegisterHeader(provider: CryptoProvider, header: Omit<Header, 'recordLen' | 'treeLen'>): Header {
  for (let room = REGISTER_LENGTH - STEP; room > 0; room -= STEP) {
    const fitted: Header = { ...header, recordLen: room + provider.aeadTagLength, treeLen: 0 };
    if (4 + encodeHeader(fitted).length + fitted.recordLen <= REGISTER_LENGTH) return fitted;
  }
  throw refusal('E_REGISTER_SIZE', {
    detail: 'the header alone fills the envelope',
    params: { excess: encodeHeader({ ...header, recordLen: 1, treeLen: 0 }).length },
  });
}

/**
 * The record's plaintext for an envelope with this room (recordLen without tag).
 * @throws DomainError `E_REGISTER_SIZE` with `params.excess` in bytes
 */
export function registerBlock(record: RegisterRecord, room: number): Uint8Array {
  const excess = registerRecordSize(record) - room;
  if (excess > 0) throw refusal('E_REGISTER_SIZE', { detail: `${excess} bytes too many`, params: { excess } });
  return encodeRegisterRecord(record, room);
}

export async function sealRegister(
  provider: CryptoProvider,
  header: Header,
  ck: Uint8Array,
  block: Uint8Array,
): Promise<Uint8Array> {
  const headerBytes = encodeHeader(header);
  const hh = await headerHash(provider, headerBytes);
  const sealed = await sealBlock(provider, await blockKey(provider, ck, 'record', hh), hh, block);
  const used = concatBytes(lengthValue(headerBytes), sealed);
  return concatBytes(used, new Uint8Array(REGISTER_LENGTH - used.length));
}

export interface RegisterEnvelope {
  readonly header: Header;
  readonly hh: Uint8Array;
  readonly sealedRecord: Uint8Array;
}

/** @throws DomainError `E_REGISTER`, `E_FORMAT`, `E_VERSION`, `E_SUITE` */
export async function parseRegisterEnvelope(provider: CryptoProvider, envelope: Uint8Array): Promise<RegisterEnvelope> {
  const refuse = (detail: string): never => {
    throw refusal('E_REGISTER', { detail, fault: 'bidder' });
  };
  if (envelope.length !== REGISTER_LENGTH) refuse(`${envelope.length} bytes`);
  const headerLength = new DataView(envelope.buffer, envelope.byteOffset).getUint32(0);
  if (headerLength > REGISTER_LENGTH - 4) refuse('header length');
  const headerBytes = envelope.slice(4, 4 + headerLength);
  const header = parseHeader(headerBytes);
  const end = 4 + headerLength + header.recordLen;
  if (header.core.stage !== 'register' || header.treeLen !== 0 || end > REGISTER_LENGTH)
    refuse('stage, treeLen or recordLen');
  if (envelope.subarray(end).some((byte) => byte !== 0)) refuse('bytes after the record');
  return { header, hh: await headerHash(provider, headerBytes), sealedRecord: envelope.slice(4 + headerLength, end) };
}

/** registerHash of the seal message: H(envelope), hex. */
export const registerHashOf = async (provider: CryptoProvider, envelope: Uint8Array): Promise<string> =>
  toHex(await provider.hash(envelope));
