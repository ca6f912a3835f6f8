import { DomainError, type DomainErrorOptions } from '@qej/kernel';

/** Every refusal of this package; kernel's `E_FORMAT` (bad JSON, unknown or missing member) comes beside them. */
export const sealedBidErrorCodes = [
  'E_SUITE', // unknown suite, or another one than the notice fixed
  'E_VERSION', // a format version that this reader does not know
  'E_STAGE', // unknown, reserved, missing or misplaced stage
  'E_POINT', // not an uncompressed point on the curve
  'E_ACCESS_STRUCTURE', // holders or sets empty, unsorted, repeated, out of range
  'E_ACCEPTANCE', // an acceptance that does not fit, or a proof of possession that fails
  'E_RELEASE', // a release for something else than what was accepted
  'E_HOLDER_KEY', // x·G ≠ X
  'E_NOT_RELEASED', // the released keys contain no authorised set
  'E_CORE_MISMATCH', // the header's core differs from notice, acceptances or the other stages
  'E_OFFICE_HALF', // no h from the wraps, ch differs, or a recomputed wrap differs
  'E_BIDDER_HALF', // the half given by the bidder is not the committed one
  'E_KEY_COMMIT', // KC differs
  'E_HEADER', // header bytes are not the ones the register record names
  'E_REGISTER_SIZE', // the register record does not fit the envelope
  'E_REGISTER', // malformed register envelope
  'E_REGISTER_HASH', // the envelope is not the one the seal message names
  'E_RECORD_SIZE', // the stage record is larger than the format allows
  'E_RECORD', // record ciphertext does not open or is malformed
  'E_TREE', // leaf tree does not open or is malformed
  'E_STAGE_ROOT', // header, record and leaves do not give the signed stage root
  'E_BID_ROOT', // stage roots do not give the bid root
  'E_LEAF', // a chunk's ciphertext is not the one in the tree
  'E_TAG', // a chunk does not authenticate
  'E_LENGTH', // padding or length of a file differs from its record
  'E_PRICE_COMMIT', // price and salt do not give the signed commitment
  'E_OBJECT', // an object is missing or has not exactly 1 MiB
  'E_PADDING', // filler bytes of a stage are not the derived ones
  'E_OWNER_COMMIT', // certificate and salt do not give ownerCommit
  'E_MANIFEST', // manifest and container disagree
  'E_SEAL_MESSAGE', // malformed seal message
  'E_SEAL_SIGNATURE', // the capability signature fails
  'E_SEAL_SUCCESSION', // a replacement or withdrawal that does not follow its predecessor
  'E_CLOSING_SET', // repeated or malformed entry
  'E_NOT_IN_CLOSING', // the seal is not under the closing root
  'E_UNWRAP', // WB does not open with the bidder's key
  'E_RESCUE', // malformed rescue file or a secret that is not the committed one
  'E_RESUME', // a resumed sealing would send other bytes at a place already sent
  'E_SOURCE', // a file is larger, smaller or shorter than announced
  'E_TRIAL', // what the intake gave back is not what was sealed
] as const;

export type SealedBidErrorCode = (typeof sealedBidErrorCodes)[number];

/** Who caused the refusal, as far as the bytes can tell; `unknown`: bidder or platform (docs/formats/sealed-bid.md, "Faults"). */
export type Fault = 'bidder' | 'holder' | 'platform' | 'unknown';

interface RefusalOptions extends DomainErrorOptions {
  readonly fault?: Fault;
}

/** Builds the refusal; `params.fault` names the party at fault. */
export function refusal(code: SealedBidErrorCode, options: RefusalOptions = {}): DomainError<SealedBidErrorCode> {
  const { fault, ...rest } = options;
  return new DomainError(code, fault === undefined ? rest : { ...rest, params: { ...rest.params, fault } });
}
