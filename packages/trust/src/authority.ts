import { join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import { formatInstant, instant, parseCanonical, canonicalBytes, parseInstant, plusMs } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { issueCertificate, issueCrl, parseCertificate, parseCrl } from '@qej/pki';
import type { Certificate, CertificateRequest, Crl } from '@qej/pki';
import { issuerKey } from './node-signer.ts';
import { appendPrivate, readIfPresent, writePrivate } from './private-files.ts';
import { refuse } from './refuse.ts';

const DAY = 86_400_000;
/** A list holds this long, and is renewed when half of it is gone. */
const CRL_DAYS = 14;

interface Revocation {
  readonly serial: string;
  readonly revokedAt: Instant;
  readonly reason: number;
}

interface State {
  readonly crlNumber: number;
  readonly revoked: readonly Revocation[];
}

/** One authority of the hierarchy: its key, certificate, register of issued certificates and revocation list. */
export interface Authority {
  readonly certificate: Certificate;
  issue(request: CertificateRequest): Promise<Certificate>;
  /** Idempotent. @throws DomainError `E_CA_UNKNOWN_CERTIFICATE` */
  revoke(serial: string, reason: number, at: Instant): Promise<void>;
  /** Signs and stores a new list. */
  publish(at: Instant): Promise<Crl>;
  /** The stored list while it is young, else a new one. */
  crl(at: Instant): Promise<Crl>;
}

function readState(bytes: Uint8Array | undefined): State {
  if (bytes === undefined) return { crlNumber: 0, revoked: [] };
  const state = parseCanonical(bytes) as {
    v?: unknown;
    crlNumber: number;
    revoked: { serial: string; revokedAt: string; reason: number }[];
  }; // written by writeState only; the version is checked next
  if (state.v !== 1) refuse('E_CA_STATE', 'state has an unknown version');
  return {
    crlNumber: state.crlNumber,
    revoked: state.revoked.map((entry) => ({ ...entry, revokedAt: parseInstant(entry.revokedAt) })),
  };
}

const writeState = (path: string, { crlNumber, revoked }: State): Promise<void> =>
  writePrivate(
    path,
    canonicalBytes({
      v: 1,
      crlNumber,
      revoked: revoked.map((entry) => ({ ...entry, revokedAt: formatInstant(entry.revokedAt) })),
    }),
  );

/** Opens an authority on its directory (files `state.json`, `issued.jsonl`, `list.crl`). */
export async function openAuthority(directory: string, key: KeyObject, certificate: Certificate): Promise<Authority> {
  const signer = { ...issuerKey(key, certificate), certificate };
  const paths = {
    state: join(directory, 'state.json'),
    issued: join(directory, 'issued.jsonl'),
    crl: join(directory, 'list.crl'),
  };
  let state = readState(await readIfPresent(paths.state));
  const stored = await readIfPresent(paths.crl);
  let current = stored === undefined ? undefined : parseCrl(new Uint8Array(stored));
  let queue: Promise<unknown> = Promise.resolve();
  /** One change after the other: state and list never cross. */
  const serially = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };
  const publish = async (at: Instant): Promise<Crl> => {
    state = { ...state, crlNumber: state.crlNumber + 1 };
    await writeState(paths.state, state);
    const der = await issueCrl(
      { number: state.crlNumber, thisUpdate: at, nextUpdate: plusMs(at, CRL_DAYS * DAY), revoked: state.revoked },
      signer,
    );
    await writePrivate(paths.crl, der);
    current = parseCrl(der);
    return current;
  };
  return {
    certificate,
    async issue(request) {
      const issued = parseCertificate(await issueCertificate(request, signer));
      await appendPrivate(
        paths.issued,
        JSON.stringify({ serial: issued.serial, profile: request.profile, notAfter: formatInstant(issued.notAfter) }),
      );
      return issued;
    },
    revoke: (serial, reason, at) =>
      serially(async () => {
        const register = (await readIfPresent(paths.issued))?.toString('utf8') ?? '';
        if (!register.includes(`"serial":"${serial}"`))
          refuse('E_CA_UNKNOWN_CERTIFICATE', 'this authority did not issue it');
        if (state.revoked.some((entry) => entry.serial === serial)) return;
        const revokedAt = instant(Math.floor(at / 1000) * 1000);
        state = { ...state, revoked: [...state.revoked, { serial, revokedAt, reason }] };
        await publish(at);
      }),
    publish: (at) => serially(() => publish(at)),
    crl: (at) =>
      serially(async () =>
        current !== undefined && current.nextUpdate - at > (CRL_DAYS / 2) * DAY ? current : publish(at),
      ),
  };
}
