import { createApp, hashToken, makeAuthorize, SESSION_COOKIE } from '@qej/api';
import { makeReferenceBank } from '@qej/banking';
import { api, makeClient } from '@qej/contract';
import type { Client, PlatformApi } from '@qej/contract';
import type { CreditGrade } from '@qej/deposits';
import { usccCheckCharacter } from '@qej/identity';
import { instant, newId, systemClock, toHex } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import { openDatabase, openDiskBlobs } from '@qej/persistence';
import type { OpenDatabase } from '@qej/persistence';
import { getPurpose, openPkcs12, parseCertificate, signCms, verifyCms } from '@qej/pki';
import type { Purpose, Signer } from '@qej/pki';
import { webCryptoDecrypter } from '@qej/sealed-bid';
import { encodeNotice, readNoticeJson } from '@qej/tendering';
import type { Notice } from '@qej/tendering';
import { ownDatabaseUrl } from '@qej/testkit';
import { createDemoIdentities, openLocalCa, openServerSigner, publishTrust } from '@qej/trust';
import type { LocalCa } from '@qej/trust';
import { makeDepositStation } from '@qej/usecases';
import type { DepositPorts, DepositStation } from '@qej/usecases';
import { startWorker } from '@qej/worker';
import type { Worker } from '@qej/worker';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const uscc = (index: number): string => {
  const first17 = `91370202${String(index).padStart(9, '0')}`;
  return first17 + usccCheckCharacter(first17);
};
let counter = Number.parseInt(newId().slice(0, 6), 16);
const nextUscc = (): string => uscc(++counter);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export interface Bidder {
  readonly organizationId: string;
  readonly userId: string;
  readonly name: string;
  readonly uscc: string;
  readonly signer: Signer;
  readonly encryptionCertificate: Uint8Array;
  readonly decrypter: ReturnType<typeof webCryptoDecrypter>;
  readonly client: Client<PlatformApi>;
  readonly sign: (purpose: Purpose, bytes: Uint8Array) => Promise<Uint8Array>;
}

/** A platform with a real authority, database, worker and HTTP server, whose deposit station talks to one bank. */
export class BankWorld {
  readonly directory: string;
  readonly ca: LocalCa;
  readonly seal: Signer;
  readonly clock = systemClock;
  readonly grades = new Map<string, CreditGrade>();
  readonly bankUscc = nextUscc();
  db!: OpenDatabase; // opened by open()
  server!: Server; // opened by open()
  origin = '';
  bankUrl = '';
  station!: DepositStation; // made by connect()
  worker: Worker | undefined;
  isCreditDown = false;

  private constructor(directory: string, ca: LocalCa, seal: Signer) {
    this.directory = directory;
    this.ca = ca;
    this.seal = seal;
  }

  static async open(): Promise<BankWorld> {
    const directory = await mkdtemp(join(tmpdir(), 'qej-bank-'));
    const ca = await openLocalCa({ directory: join(directory, 'ca'), clock: systemClock });
    const seal = await openServerSigner({
      ca,
      directory: join(directory, 'keys'),
      name: 'platform-seal',
      profile: 'platform-seal',
      subject: { country: 'CN', organization: '测试平台', uscc: nextUscc(), commonName: '测试平台印章' },
    });
    const world = new BankWorld(directory, ca, seal);
    await openServerSigner({
      ca,
      directory: world.bankDirectory,
      name: 'bank-seal',
      profile: 'bank-seal',
      subject: { country: 'CN', organization: '测试示范银行', uscc: world.bankUscc, commonName: '测试示范银行印章' },
    });
    await publishTrust(ca, world.trustDirectory);
    world.db = await openDatabase({ url: ownDatabaseUrl(directory) });
    // Longer than this process may be busy: an idle connection that is closed under a request resets it.
    world.server = createServer({ keepAliveTimeout: 120_000 });
    await new Promise<void>((resolve) => world.server.listen(0, '127.0.0.1', resolve));
    const address = world.server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP address');
    world.origin = `http://127.0.0.1:${address.port}`;
    return world;
  }

  get bankDirectory(): string {
    return join(this.directory, 'bank');
  }
  get trustDirectory(): string {
    return join(this.directory, 'public-trust');
  }

  /** The judgement on signatures and the platform's seal, over the authority of this world. */
  get trust(): DepositPorts['trust'] {
    return {
      sign: async (purpose, bytes) => new Uint8Array(await this.signBy(this.seal, purpose as Purpose, bytes)),
      verify: async ({ purpose, content, cms, at }) => {
        const { signer } = await verifyCms({
          cms,
          ...(content === undefined ? {} : { content }),
          eContentType: getPurpose(purpose as Purpose).eContentType,
          roots: this.ca.roots,
          intermediates: this.ca.intermediates,
          crls: await this.ca.crls(),
          at: instant(at),
        });
        return {
          fingerprint: sha256(signer.der),
          certificate: new Uint8Array(signer.der),
          commonName: signer.subject.commonName ?? '',
          organization: signer.subject.organization ?? '',
          uscc: signer.subject.uscc ?? '',
        };
      },
    };
  }
  signBy(signer: Signer, purpose: Purpose, content: Uint8Array): Promise<Uint8Array> {
    return signCms({ content, detached: true, eContentType: getPurpose(purpose).eContentType, signer });
  }

  /** Builds the station for the bank at this address and serves it; the worker runs its jobs. */
  connect(bankUrl: string): void {
    this.bankUrl = bankUrl;
    const bank = makeReferenceBank({
      url: bankUrl,
      guarantorId: this.bankUscc,
      trust: this.trust,
      fetch: globalThis.fetch,
      clock: this.clock,
      timeoutMs: 5_000,
    });
    this.station = makeDepositStation({
      db: this.db,
      clock: this.clock,
      blobs: openDiskBlobs(join(this.directory, 'blobs')),
      live: { publish: () => undefined, subscribe: () => () => undefined },
      trust: this.trust,
      guarantors: [bank],
      credit: { issuer: { name: '测试征信', uscc: uscc(1) }, factsOf: (code) => this.factsOf(code) },
    });
    const routes = Object.fromEntries(Object.entries(api).filter(([name]) => name in this.station.handlers));
    const app = createApp({
      routes,
      handlers: this.station.handlers,
      authorize: makeAuthorize({ db: this.db, clock: this.clock, origin: this.origin, secureCookies: false }),
      clock: this.clock,
      log: { error: (_fields, error) => process.stderr.write(`${String(error)}\n`) },
      origins: [this.origin],
      contentSecurityPolicy: { 'default-src': ["'none'"] },
    });
    const handle = app.callback();
    this.server.removeAllListeners('request');
    this.server.on('request', (request, response) => void handle(request, response));
  }

  private async factsOf(code: string) {
    if (this.isCreditDown) throw new Error('the bureau does not answer');
    const grade = this.grades.get(code);
    return grade === undefined
      ? undefined
      : { uscc: code, name: '', grade, score: 800, isSmallOrMicro: false, records: [], unavailable: [] };
  }

  startWorker(): void {
    this.worker = startWorker({
      db: this.db,
      clock: this.clock,
      handlers: this.station.jobs,
      periodic: this.station.periodic,
      log: { warn: () => undefined },
    });
  }
  async stopWorker(): Promise<void> {
    await this.worker?.close();
    this.worker = undefined;
  }

  async close(): Promise<void> {
    await this.stopWorker();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.db.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  async addBidder(name: string, grade: CreditGrade = 'A'): Promise<Bidder> {
    const code = nextUscc();
    this.grades.set(code, grade);
    const id = `b-${newId().slice(0, 8)}`;
    const folder = join(this.directory, 'people');
    const { identities } = await createDemoIdentities(this.ca, join(folder, id), [
      { id, name: { zh: `${name}人员`, en: 'Person' }, organization: name, uscc: code, profile: 'bidder' },
    ]);
    const identity = identities[0]!; // one was asked for
    const { signers, decryptKeys } = await openPkcs12(
      new Uint8Array(await readFile(join(folder, id, identity.p12))),
      identity.passphrase,
    );
    const [signer, decrypt] = [signers[0]!, decryptKeys[0]!]; // a demo identity has both
    const [organizationId, userId] = [newId(), newId()];
    await this.insertPeople({ organizationId, userId, name, code });
    const token = await this.logIn(userId, organizationId);
    const point = parseCertificate(decrypt.certificate.der).publicKey;
    if (point.kind !== 'ec-p256') throw new Error('demo identities are P-256');
    return {
      organizationId,
      userId,
      name,
      uscc: code,
      signer,
      encryptionCertificate: decrypt.certificate.der,
      decrypter: webCryptoDecrypter(decrypt.key, point.point),
      client: makeClient(api, { origin: this.origin, headers: () => ({ cookie: `${SESSION_COOKIE}=${token}` }) }),
      sign: (purpose, bytes) => this.signBy(signer, purpose, bytes),
    };
  }

  private async insertPeople(who: {
    organizationId: string;
    userId: string;
    name: string;
    code: string;
  }): Promise<void> {
    const now = this.clock.now();
    const { organizationId, userId, name, code } = who;
    await this.db.transaction('test', async (tx) => {
      const organization = { id: organizationId, name, uscc: code, roles: ['bidder'], address: '青岛', createdAt: now };
      await tx.organizations.insert(organization);
      const user = { id: userId, name, email: 'a@b.invalid', phone: '', totpSecret: null, createdAt: now };
      await tx.users.insert(user);
      await tx.memberships.insert({ id: newId(), userId, organizationId, roles: ['bidder'], createdAt: now });
    });
  }
  private async logIn(userId: string, organizationId: string): Promise<string> {
    const token = toHex(crypto.getRandomValues(new Uint8Array(32)));
    const now = this.clock.now();
    await this.db.transaction('test', async (tx) => {
      await tx.sessions.insert({
        id: newId(),
        tokenHash: hashToken(token),
        userId,
        organizationId,
        role: 'bidder',
        factors: ['passkey'],
        createdAt: now,
        expiresAt: now + 3_600_000,
        endedAt: null,
      });
    });
    return token;
  }

  /** A published tender of one lot of 10 million: the deposit is 200 000. */
  async addTender(
    deadline: Instant,
  ): Promise<{ readonly notice: Notice; readonly tenderId: string; readonly lotId: string }> {
    const path = new URL('../../../../docs/formats/vectors/notice.json', import.meta.url);
    const { notice: vector } = JSON.parse(await readFile(path, 'utf8')) as { notice: { canonical: string } };
    const base = JSON.parse(vector.canonical) as Record<string, Json> & {
      lots: Record<string, Json>[];
      timetable: Record<string, Json>;
    };
    const [tenderId, lotId, code] = [newId(), newId(), `T-${newId().slice(0, 12)}`];
    const notice = readNoticeJson({
      ...base,
      tenderId,
      code,
      lots: base.lots.map((lot) => ({ ...lot, lotId, estimate: '10000000.00' })),
      deposit: {
        v: 1,
        rateBasisPoints: 200,
        capAmount: '800000.00',
        forms: ['guarantee', 'commitment'],
        waiverPolicyId: 'demo-policy-1',
        guaranteeTailDays: 28,
        mixedForms: false,
      },
    });
    const now = this.clock.now();
    await this.db.transaction('test', (tx) =>
      tx.tenders.insert({
        id: tenderId,
        code,
        state: 'published',
        version: 1,
        agencyOrganizationId: newId(),
        tendereeOrganizationId: newId(),
        createdBy: newId(),
        draft: {},
        notice: Buffer.from(encodeNotice(notice)).toString('utf8'),
        noticeHash: sha256(encodeNotice(notice)),
        lotId,
        deadline,
        publishedAt: now,
        nextCheckAt: null,
        retenderOf: null,
        course: {},
        createdAt: now,
        updatedAt: now,
      }),
    );
    return { notice, tenderId, lotId };
  }
}
