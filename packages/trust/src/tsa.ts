import { randomBytes } from 'node:crypto';
import { DomainError } from '@qej/kernel';
import type { Clock } from '@qej/kernel';
import { grantTimestamp, localTsaPolicy, parseTimestampRequest, rejectTimestamp, signTimestampToken } from '@qej/pki';
import type { Signer } from '@qej/pki';

export interface TsaOptions {
  /** Certificate of profile `tsa`; a P-256 key answers fastest. */
  readonly signer: Signer;
  readonly clock: Clock;
  readonly policyOid?: string;
  /** Claimed accuracy of the clock, in milliseconds; default 1000. */
  readonly accuracyMs?: number;
}

export interface Tsa {
  readonly policyOid: string;
  /** In-process: a TimeStampToken over a SHA-256 digest. */
  timestamp(digest: Uint8Array, nonce?: Uint8Array): Promise<Uint8Array>;
  /** For an HTTP route: `application/timestamp-query` in, `application/timestamp-reply` out; never throws for a bad request. */
  handle(request: Uint8Array): Promise<Uint8Array>;
}

const MAX_REQUEST = 4096;

function newSerial(): Uint8Array {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

/** A time stamp authority (RFC 3161). Run by the operator it is the operator talking to itself: fine for a demonstration, and screens must say so. */
export function createTsa({ signer, clock, policyOid = localTsaPolicy, accuracyMs = 1000 }: TsaOptions): Tsa {
  const stamp = (digest: Uint8Array, nonce?: Uint8Array): Promise<Uint8Array> =>
    signTimestampToken({ digest, nonce, policyOid, genTime: clock.now(), serial: newSerial(), accuracyMs, signer });
  return {
    policyOid,
    timestamp: stamp,
    async handle(bytes) {
      try {
        if (bytes.length > MAX_REQUEST) return rejectTimestamp('badRequest', 'request is too large');
        const request = parseTimestampRequest(bytes);
        if (request.policyOid !== undefined && request.policyOid !== policyOid)
          return rejectTimestamp('unacceptedPolicy', 'policy is not offered');
        return grantTimestamp(await stamp(request.digest, request.nonce));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        return error.code === 'E_ALGORITHM' || error.code === 'E_TSP_DIGEST'
          ? rejectTimestamp('badAlg', 'only SHA-256')
          : rejectTimestamp('badDataFormat', 'not a TimeStampReq');
      }
    },
  };
}
