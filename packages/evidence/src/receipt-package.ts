import { canonicalBytes, fromBase64, fromHex, parseCanonical, toBase64, toHex } from '@qej/kernel';
import { refuse } from './errors.ts';
import { closedObject, countMember, parsed, textMember } from './members.ts';
import type { SignedReceipt } from './receipt.ts';

/** The way from a receipt to a signed tree head. */
export interface ReceiptTick {
  /** Canonical bytes of the tick's leaf body, and its salt. */
  readonly entryBody: Uint8Array;
  readonly entrySalt: Uint8Array;
  /** Salt of this act in the tick. */
  readonly actSalt: Uint8Array;
  readonly slot: number;
  readonly tickProof: readonly Uint8Array[];
  /** Leaf index of the tick in the log. */
  readonly leafIndex: number;
  readonly inclusionProof: readonly Uint8Array[];
  /** The signed note whose tree the inclusion proof leads to, cosignatures included. */
  readonly checkpoint: string;
}

export interface ReceiptPackage extends SignedReceipt {
  /** What the issuer says about its own time-stamp authority. The verifier's policy decides, not this. */
  readonly tsaIndependent: boolean;
  /** Absent until the next tick is in a signed tree. */
  readonly tick?: ReceiptTick;
}

export const RECEIPT_PACKAGE_PURPOSE = 'qej-receipt-package/1';
const CODE = 'E_RECEIPT_FORMAT';
const MAX_PROOF = 63;

function tickJson(tick: ReceiptTick): Record<string, unknown> {
  return {
    entryBody: toBase64(tick.entryBody),
    entrySalt: toHex(tick.entrySalt),
    actSalt: toHex(tick.actSalt),
    slot: tick.slot,
    tickProof: tick.tickProof.map(toHex),
    leafIndex: tick.leafIndex,
    inclusionProof: tick.inclusionProof.map(toHex),
    checkpoint: tick.checkpoint,
  };
}

/** The file that a bidder saves: canonical JSON; byte blobs in base64, hashes in hex. */
export function formatReceiptPackage(pack: ReceiptPackage): Uint8Array<ArrayBuffer> {
  return canonicalBytes({
    v: 1,
    purpose: RECEIPT_PACKAGE_PURPOSE,
    receipt: toBase64(pack.receipt),
    cms: toBase64(pack.cms),
    timestampToken: toBase64(pack.timestampToken),
    tsaIndependent: pack.tsaIndependent,
    ...(pack.tick === undefined ? {} : { tick: tickJson(pack.tick) }),
  });
}

type Members = Readonly<Record<string, unknown>>;
const base64Member = (object: Members, name: string): Uint8Array<ArrayBuffer> =>
  parsed(() => fromBase64(textMember(object, name, CODE)), CODE, `${name} is not base64`);
const hexMember = (object: Members, name: string): Uint8Array =>
  parsed(() => fromHex(textMember(object, name, CODE)), CODE, `${name} is not hex`);

function hashesMember(object: Members, name: string): Uint8Array[] {
  const list = object[name];
  if (!Array.isArray(list) || list.length > MAX_PROOF) return refuse(CODE, `${name} is not a proof`);
  return list.map((item: unknown) => hexMember({ [name]: item }, name));
}

function parseTick(value: unknown): ReceiptTick {
  const required = [
    'entryBody',
    'entrySalt',
    'actSalt',
    'slot',
    'tickProof',
    'leafIndex',
    'inclusionProof',
    'checkpoint',
  ];
  const object = closedObject(value, { required }, CODE);
  return {
    entryBody: base64Member(object, 'entryBody'),
    entrySalt: hexMember(object, 'entrySalt'),
    actSalt: hexMember(object, 'actSalt'),
    slot: countMember(object, 'slot', CODE),
    tickProof: hashesMember(object, 'tickProof'),
    leafIndex: countMember(object, 'leafIndex', CODE),
    inclusionProof: hashesMember(object, 'inclusionProof'),
    checkpoint: textMember(object, 'checkpoint', CODE),
  };
}

/** Parses; verifies nothing. @throws DomainError `E_RECEIPT_FORMAT` */
export function parseReceiptPackage(bytes: Uint8Array): ReceiptPackage {
  const json = parsed(() => parseCanonical(bytes), CODE, 'package is not canonical JSON');
  const required = ['v', 'purpose', 'receipt', 'cms', 'timestampToken', 'tsaIndependent'];
  const object = closedObject(json, { required, optional: ['tick'] }, CODE);
  if (object['v'] !== 1 || object['purpose'] !== RECEIPT_PACKAGE_PURPOSE) refuse(CODE, 'unknown purpose or version');
  const { tsaIndependent } = object;
  if (typeof tsaIndependent !== 'boolean') return refuse(CODE, 'tsaIndependent is not true or false');
  const signed = {
    receipt: base64Member(object, 'receipt'),
    cms: base64Member(object, 'cms'),
    timestampToken: base64Member(object, 'timestampToken'),
    tsaIndependent,
  };
  return Object.hasOwn(object, 'tick') ? { ...signed, tick: parseTick(object['tick']) } : signed;
}
