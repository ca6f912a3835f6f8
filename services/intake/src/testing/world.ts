import { createFileGuard } from '@qej/evidence/node';
import { createNoteSigner, newNoteSeed, parseVkey } from '@qej/evidence';
import type { NoteSigner } from '@qej/evidence';
import { DomainError, instant, newId, Secret, toBase64 } from '@qej/kernel';
import type { Clock, Instant } from '@qej/kernel';
import { openDatabase, openDiskBlobs, openObjectPool } from '@qej/persistence';
import type { OpenDatabase } from '@qej/persistence';
import { nodeProvider as provider } from '@qej/sealed-bid/node';
import { ownDatabaseUrl } from '@qej/testkit';
import {
  createBlindIssuer,
  createTsa,
  generateKey,
  nodeSigner,
  openLocalCa,
  openServerSigner,
  spkiOf,
} from '@qej/trust';
import type { BlindIssuer } from '@qej/trust';
import {
  createIntakeGate,
  makeDocumentHandlers,
  makeIntakeHandlers,
  makeOpeningDriver,
  makeOpeningHandlers,
  makeTokenHandlers,
  openEvidenceLog,
  openingJobs,
  openingPeriodic,
} from '@qej/usecases';
import type {
  AuthenticatedContext,
  Caller,
  DepositReview,
  LiveEvent,
  OrganizationRecord,
  PlatformTrust,
} from '@qej/usecases';
import { startWitness } from '@qej/witness';
import type { RunningWitness } from '@qej/witness';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePlatformTrust } from '../../../platform/src/platform-trust.ts';

const LOG_ORIGIN = 'log.example/test';
export const START = instant(Date.UTC(2026, 10, 23, 5));
/** RSA keys of the test authorities, made once a checkout. */
const keyDirectory = fileURLToPath(new URL('../../../../.cache/test-ca-keys', import.meta.url));

export class SettableClock implements Clock {
  at: Instant = START;
  now(): Instant {
    return this.at;
  }
  pass(ms: number): void {
    this.at = instant(this.at + ms);
  }
}

/** Throws once at a write boundary, as if the process had died there. */
export class Faults {
  label: string | undefined;
  seen: string[] = [];
  readonly point = (label: string): void => {
    this.seen.push(label);
    if (label !== this.label) return;
    this.label = undefined;
    throw new Error(`killed at ${label}`);
  };
}

/** A deposit station of its own: a commitment counts, nothing else does. */
const deposits: DepositReview = {
  review: async ({ deposit }) => {
    if (deposit === null) throw new DomainError('E_DEPOSIT_MISSING');
    return { state: 'submitted', text: { zh: '已递交', en: 'submitted' }, detail: deposit };
  },
};

async function makeTrust(directory: string, clock: Clock) {
  const ca = await openLocalCa({ directory: join(directory, 'ca'), clock, keyDirectory });
  const subject = { country: 'CN', organization: '平台', uscc: '91350100M000100Y43', commonName: 'platform' };
  const keys = join(directory, 'keys');
  const seal = await openServerSigner({
    ca,
    directory: keys,
    name: 'platform-seal',
    profile: 'platform-seal',
    subject,
  });
  const tsaSigner = await openServerSigner({ ca, directory: keys, name: 'tsa', profile: 'tsa', subject });
  const tsa = createTsa({ signer: tsaSigner, clock });
  const trust = makePlatformTrust({
    ca,
    seal,
    tsa,
    tsaCertificates: [tsaSigner.certificate, ...tsaSigner.chain],
    clock,
  });
  return { ca, trust, tsa };
}

interface ProcessParts {
  readonly db: OpenDatabase;
  readonly directory: string;
  readonly clock: Clock;
  readonly trust: PlatformTrust;
  readonly signer: NoteSigner;
  readonly witness: RunningWitness;
  readonly tickKey: Secret<Uint8Array>;
  readonly issuer: BlindIssuer;
  readonly events: LiveEvent[];
}

/** Everything that lives in the process; called again it is a restart. */
async function startProcess({ db, directory, clock, trust, signer, witness, tickKey, issuer, events }: ProcessParts) {
  const live = { publish: (event: LiveEvent) => void events.push(event), subscribe: () => () => undefined };
  const base = { db, clock, blobs: openDiskBlobs(join(directory, 'blobs')), live };
  const log = await openEvidenceLog({
    ...base,
    guard: createFileGuard(join(directory, 'guard.json')),
    signer,
    origin: LOG_ORIGIN,
    witnesses: [{ name: witness.name, url: witness.url, vkey: witness.vkey, independent: false }],
    tickKey,
    fetch: globalThis.fetch,
  });
  const gate = createIntakeGate();
  const pools = {
    objects: openObjectPool(join(directory, 'pool')),
    registers: openObjectPool(join(directory, 'registers')),
  };
  const shared = { ...base, ...pools, trust, log, provider, gate, tsaIndependent: false };
  const ports = { ...shared, deposits };
  const driver = makeOpeningDriver(ports);
  return {
    ports,
    log,
    gate,
    driver,
    intake: makeIntakeHandlers({ ...shared, tokenKey: issuer.publicKey }),
    hall: makeOpeningHandlers(ports),
    tokens: makeTokenHandlers({ db, issuer }),
    documents: makeDocumentHandlers({ ...base, trust }),
    jobs: openingJobs(ports, driver),
    periodic: openingPeriodic(ports, driver),
  };
}

export async function makeWorld() {
  const directory = await mkdtemp(join(tmpdir(), 'qej-opening-'));
  const clock = new SettableClock();
  const faults = new Faults();
  const { ca, trust, tsa } = await makeTrust(directory, clock);
  const signer = await createNoteSigner({ name: LOG_ORIGIN, kind: 'ed25519', seed: newNoteSeed() });
  const witness = await startWitness(
    {
      host: '127.0.0.1',
      port: 0,
      dir: join(directory, 'witness'),
      name: 'w.example/test',
      logs: new Map([[LOG_ORIGIN, parseVkey(signer.vkey)]]),
      hasNewKey: false,
    },
    { clock, log: () => undefined },
  );
  const url = ownDatabaseUrl(directory);
  let db: OpenDatabase = await openDatabase({ url, faults: faults.point });
  const issuer = createBlindIssuer(await generateKey('rsa-3072'));
  const tickKey = new Secret<Uint8Array>(globalThis.crypto.getRandomValues(new Uint8Array(32)));
  const events: LiveEvent[] = [];

  const start = () => startProcess({ db, directory, clock, trust, signer, witness, tickKey, issuer, events });
  const world = {
    directory,
    clock,
    faults,
    ca,
    tsa,
    trust,
    provider,
    issuer,
    events,
    witness,
    logOrigin: LOG_ORIGIN,
    logKey: signer.vkey,
    get db(): OpenDatabase {
      return db;
    },
    app: await start(),
    /** A new process on the same data. */
    restart: async (): Promise<void> => {
      await db.close();
      db = await openDatabase({ url, faults: faults.point });
      world.app = await start();
    },
    close: async (): Promise<void> => {
      await db.close();
      await witness.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return world;
}
export type World = Awaited<ReturnType<typeof makeWorld>>;

export interface Person {
  readonly caller: Caller;
  readonly organization: OrganizationRecord;
  readonly signer: ReturnType<typeof nodeSigner>;
}

const sha256Hex = async (bytes: Uint8Array): Promise<string> =>
  Buffer.from(await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toString('hex');

/** An organisation with one person whose signing certificate is bound (or, for `isBound: false`, known by uscc alone). */
export async function addPerson(
  { ca, db, clock }: World,
  role: 'agency' | 'bidder' | 'supervisor',
  { name, uscc, isBound = true }: { name: string; uscc: string; isBound?: boolean },
): Promise<Person> {
  const privateKey = await generateKey('p-256');
  const certificate = await ca.issue({
    profile: role === 'bidder' ? 'bidder-sign' : 'expert-sign',
    subject: { country: 'CN', organization: name, uscc, commonName: `${name} 经办人` },
    spki: spkiOf(privateKey),
  });
  const signer = nodeSigner({ privateKey, certificate, chain: ca.chainOf(certificate) });
  const organization = { id: newId(), name, uscc, roles: [role], address: '青岛', createdAt: clock.now() };
  const userId = newId();
  await db.transaction('test:person', async (tx) => {
    await tx.organizations.insert(organization);
    await tx.users.insert({
      id: userId,
      name: `${name}经办人`,
      email: 'a@example.test',
      phone: '',
      totpSecret: null,
      createdAt: clock.now(),
    });
    await tx.memberships.insert({
      id: newId(),
      userId,
      organizationId: organization.id,
      roles: [role],
      createdAt: clock.now(),
    });
    if (isBound)
      await tx.certificates.insert({
        id: newId(),
        userId,
        organizationId: organization.id,
        fingerprint: await sha256Hex(certificate.der),
        usage: 'sign',
        subject: name,
        der: toBase64(certificate.der),
        notAfter: certificate.notAfter,
        createdAt: clock.now(),
      });
  });
  const caller = {
    userId,
    name: `${name}经办人`,
    sessionId: newId(),
    organizationId: organization.id,
    role,
    factors: ['passkey'],
  };
  return { caller, organization, signer };
}

/** What a route gets besides its input. */
export const as = ({ clock }: World, person: Person): AuthenticatedContext => ({
  now: clock.now(),
  caller: person.caller,
  origin: 'http://app.test',
  session: { set: () => undefined, clear: () => undefined, token: undefined },
});
