import { join } from 'node:path';
import { canonicalBytes, formatInstant, instant, parseCanonical, parseInstant, plusMs } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { issueCrl, parseCrl } from '@qej/pki';
import type { Certificate, Crl, IssuerKey } from '@qej/pki';
import { readIfPresent, writePrivate } from './private-files.ts';
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

/** The revocation list of one authority and the state behind it. */
export interface RevocationLists {
  /** Signs and stores a new list. */
  publish(at: Instant): Promise<Crl>;
  /** The stored list while it is young, else a new one. */
  current(at: Instant): Promise<Crl>;
  /** Idempotent; publishes at once. */
  revoke(serial: string, reason: number, at: Instant): Promise<void>;
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

/** A list that does not carry the number of the state (a crash fell between the two) is not used again. */
async function readCurrent(path: string, { crlNumber }: State): Promise<Crl | undefined> {
  const stored = await readIfPresent(path);
  const crl = stored === undefined ? undefined : parseCrl(new Uint8Array(stored));
  return crl?.number === BigInt(crlNumber) ? crl : undefined;
}

/** One change after the other: state and list never cross. */
function serialQueue(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

/** Opens the lists on the files `state.json` and `list.crl`; the state is on disk before the list that shows it. */
export async function openRevocationLists(
  directory: string,
  signer: IssuerKey & { readonly certificate: Certificate },
): Promise<RevocationLists> {
  const paths = { state: join(directory, 'state.json'), crl: join(directory, 'list.crl') };
  let state = readState(await readIfPresent(paths.state));
  let current = await readCurrent(paths.crl, state);
  const serially = serialQueue();
  const publish = async (revoked: readonly Revocation[], at: Instant): Promise<Crl> => {
    const next = { crlNumber: state.crlNumber + 1, revoked };
    await writeState(paths.state, next);
    [state, current] = [next, undefined];
    const nextUpdate = plusMs(at, CRL_DAYS * DAY);
    const der = await issueCrl({ number: next.crlNumber, thisUpdate: at, nextUpdate, revoked }, signer);
    await writePrivate(paths.crl, der);
    current = parseCrl(der);
    return current;
  };
  const isYoung = (crl: Crl, at: Instant): boolean => crl.nextUpdate - at > (CRL_DAYS / 2) * DAY;
  return {
    publish: (at) => serially(() => publish(state.revoked, at)),
    current: (at) =>
      serially(async () => (current !== undefined && isYoung(current, at) ? current : publish(state.revoked, at))),
    revoke: (serial, reason, at) =>
      serially(async () => {
        if (state.revoked.some((entry) => entry.serial === serial)) return;
        const revokedAt = instant(Math.floor(at / 1000) * 1000);
        await publish([...state.revoked, { serial, revokedAt, reason }], at);
      }),
  };
}
