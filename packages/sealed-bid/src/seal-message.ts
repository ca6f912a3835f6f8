import { canonicalBytes, concatBytes, lengthValue, parseCanonical, toHex } from '@qej/kernel';
import { refusal } from './errors.ts';
import { purposeBytes } from './labels.ts';
import type { CryptoProvider } from './provider.ts';
import { closed, hash32, id, integer, oneOf, optional, version, type ReadBy } from './schema.ts';

/** LV(JSON) ‖ LV(capability key) ‖ LV(signature) ‖ zeros, always this long. */
export const SEAL_MESSAGE_LENGTH = 2048;
const PURPOSE = 'qej-seal/1';

const sealBody = closed({
  v: version(1),
  lotId: id,
  opaqueId: id,
  bidRoot: hash32,
  registerHash: hash32,
  objectCount: integer(1),
  action: oneOf(['seal', 'withdraw']),
  prev: optional(hash32),
});

/** `prev`: the message that a replacement or a withdrawal follows. A withdrawal repeats slot, roots and count of `prev`. */
export type SealBody = ReadBy<typeof sealBody>;

export interface SealMessage {
  readonly body: SealBody;
  /** H(message) = SHA-256 of the JSON bytes, hex: idempotency, receipts and the closing set go by it. */
  readonly messageHash: string;
  /** 65 bytes, hex. */
  readonly capKey: string;
}

/** 2,048 bytes, signed by the capability key of the bid. */
export async function encodeSealMessage(
  provider: CryptoProvider,
  body: SealBody,
  capability: Uint8Array,
): Promise<Uint8Array> {
  const json = canonicalBytes(sealBody(parseCanonical(canonicalBytes(body)), 'seal'));
  const point = await provider.publicKeyOf(capability);
  if (point === undefined) throw refusal('E_POINT', { detail: 'capability key' });
  const signature = await provider.sign(capability, purposeBytes(PURPOSE, json));
  const used = concatBytes(lengthValue(json), lengthValue(point), lengthValue(signature));
  return concatBytes(used, new Uint8Array(SEAL_MESSAGE_LENGTH - used.length));
}

/** The three framed fields, and nothing but zeros after them. */
function splitFields(message: Uint8Array): readonly [json: Uint8Array, point: Uint8Array, signature: Uint8Array] {
  const refuse = (detail: string): never => {
    throw refusal('E_SEAL_MESSAGE', { detail });
  };
  if (message.length !== SEAL_MESSAGE_LENGTH) refuse(`${message.length} bytes`);
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  let offset = 0;
  const take = (): Uint8Array => {
    const start = offset + 4;
    if (start > message.length) return refuse('truncated');
    const end = start + view.getUint32(offset);
    if (end > message.length) refuse('field length');
    offset = end;
    return message.slice(start, end);
  };
  const [json, point, signature] = [take(), take(), take()];
  if (point.length !== 65 || signature.length !== 64) refuse('key or signature length');
  if (message.subarray(offset).some((byte) => byte !== 0)) refuse('bytes after the signature');
  return [json, point, signature];
}

/** Strict: framing, schema, curve, signature. @throws DomainError `E_SEAL_MESSAGE`, `E_SEAL_SIGNATURE`, `E_FORMAT`, `E_VERSION` */
export async function openSealMessage(provider: CryptoProvider, message: Uint8Array): Promise<SealMessage> {
  const [json, point, signature] = splitFields(message);
  const body = sealBody(parseCanonical(json), 'seal');
  if (body.action === 'withdraw' && body.prev === undefined)
    throw refusal('E_SEAL_MESSAGE', { detail: 'a withdrawal names what it withdraws' });
  if (!(await provider.verify(point, purposeBytes(PURPOSE, json), signature))) throw refusal('E_SEAL_SIGNATURE');
  return { body, messageHash: toHex(await provider.hash(json)), capKey: toHex(point) };
}

/** Withdrawal of a sealed bid: the same slot and roots, signed by the same capability key. */
export const withdrawalOf = (sealed: SealMessage): SealBody => ({
  ...sealed.body,
  action: 'withdraw',
  prev: sealed.messageHash,
});

/**
 * A replacement or withdrawal follows the live seal `previous` of the same lot, by the same capability key.
 * @throws DomainError `E_SEAL_SUCCESSION`
 */
export function checkSuccession(previous: SealMessage, next: SealMessage): void {
  const refuse = (detail: string): never => {
    throw refusal('E_SEAL_SUCCESSION', { detail });
  };
  if (next.body.prev !== previous.messageHash) refuse('prev');
  if (previous.body.action === 'withdraw') refuse('already withdrawn');
  if (next.capKey !== previous.capKey || next.body.lotId !== previous.body.lotId) refuse('another bid');
  const kept = (['opaqueId', 'bidRoot', 'registerHash', 'objectCount'] as const).every(
    (name) => next.body[name] === previous.body[name],
  );
  if (next.body.action === 'withdraw' && !kept) refuse('a withdrawal changes nothing else');
  if (next.body.action === 'seal' && next.body.opaqueId === previous.body.opaqueId)
    refuse('a replacement takes a slot of its own');
}
