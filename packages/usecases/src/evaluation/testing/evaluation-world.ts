import { createNoteSigner, newNoteSeed, parseVkey } from '@qej/evidence';
import { createFileGuard } from '@qej/evidence/node';
import { instant, newId, Secret, toBase64 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { openDatabase, openDiskBlobs } from '@qej/persistence';
import type { OpenDatabase } from '@qej/persistence';
import { getPurpose, OID, signCms } from '@qej/pki';
import type { Purpose, Signer } from '@qej/pki';
import { ownDatabaseUrl } from '@qej/testkit';
import { startWitness } from '@qej/witness';
import type { RunningWitness } from '@qej/witness';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDocumentHandlers } from '../../documents/document-handlers.ts';
import { openEvidenceLog } from '../../log/evidence-log.ts';
import type { EvidenceLog } from '../../log/evidence-log.ts';
import type { AuthenticatedContext } from '../../handlers.ts';
import type { Caller } from '../../ports.ts';
import { makeResultHandlers, resultJobs } from '../../result/index.ts';
import type { ResultPorts } from '../../result/index.ts';
import { viewRecord } from '../../tender/view-tender.ts';
import { evaluationJobs, makeEvaluationHandlers } from '../evaluation-handlers.ts';
import type { OpenedBid } from '../ports.ts';
import { fingerprintOf, makeTestTrust } from './test-trust.ts';
import type { TestTrust } from './test-trust.ts';
import { insertOpenedTender } from './opened-tender.ts';
import type { Made } from './opened-tender.ts';
import { input, nextUscc } from './test-tender.ts';
import type { draftOf } from './test-tender.ts';
import type { Organization } from './test-tender.ts';

const START = Date.UTC(2026, 7, 3, 6);
const ORIGIN = 'log.test.invalid/evaluation';

export interface Person {
  readonly caller: Caller;
  readonly signer: Signer;
}
type Role = 'agency' | 'tenderee' | 'bidder' | 'expert' | 'supervisor';

/** People, certificates, a pool of twelve experts, a log with a real witness; tenders that stand right after the opening. */
export class EvaluationWorld {
  now = instant(START);
  /** Called at each write boundary; throwing there is a process that dies. */
  fault: (label: string) => void = () => undefined;
  readonly opened = new Map<string, readonly OpenedBid[]>();
  readonly releases: { tenderId: string; organizationIds: readonly string[]; reason: string }[] = [];
  readonly roomActs: string[] = [];
  readonly people = new Map<string, Person>();
  readonly experts: Person[] = [];
  tieSeed = new Uint8Array(32).fill(7);
  coefficientSeed = new Uint8Array(32).fill(9);
  committeeSeed = new Uint8Array(32).fill(3);
  readonly directory: string;
  readonly url: string;
  readonly trust: TestTrust;
  readonly witness: RunningWitness;
  readonly logSigner: Awaited<ReturnType<typeof createNoteSigner>>;
  private constructor(parts: Pick<EvaluationWorld, 'directory' | 'url' | 'trust' | 'witness' | 'logSigner'>) {
    this.directory = parts.directory;
    this.url = parts.url;
    this.trust = parts.trust;
    this.witness = parts.witness;
    this.logSigner = parts.logSigner;
  }
  db!: OpenDatabase; // opened by start()
  log!: EvidenceLog; // opened by start()
  agency!: Person & { organization: Organization };
  tenderee!: Person & { organization: Organization };
  supervisor!: Person;
  bidders: (Person & { organization: Organization })[] = [];

  static async open(): Promise<EvaluationWorld> {
    const directory = await mkdtemp(join(tmpdir(), 'qej-evaluation-'));
    const url = ownDatabaseUrl(directory);
    const logSigner = await createNoteSigner({ name: ORIGIN, kind: 'ed25519', seed: newNoteSeed() });
    const logs = new Map([[ORIGIN, parseVkey(logSigner.vkey)]]);
    const clock = { now: () => world.now };
    const witness = await startWitness(
      {
        host: '127.0.0.1',
        port: 0,
        dir: join(directory, 'witness'),
        name: 'witness.test.invalid',
        logs,
        hasNewKey: false,
      },
      { clock, log: () => undefined },
    );
    const world = new EvaluationWorld({
      directory,
      url,
      trust: await makeTestTrust(instant(START)),
      witness,
      logSigner,
    });
    await world.start();
    await world.populate();
    return world;
  }

  async start(): Promise<void> {
    this.db = await openDatabase({ url: this.url, faults: (label) => this.fault(label) });
    const guard = createFileGuard(join(this.directory, 'guard.json'));
    const { name, vkey, url } = this.witness;
    this.log = await openEvidenceLog({
      ...this.base,
      guard,
      signer: this.logSigner,
      origin: ORIGIN,
      witnesses: [{ name, vkey, url, independent: false }],
      tickKey: new Secret(new Uint8Array(32)),
      fetch: globalThis.fetch,
    });
  }
  /** A process that ends and one that begins: nothing but database and files is kept. */
  async restart(): Promise<void> {
    await this.db.close();
    await this.start();
  }
  async close(): Promise<void> {
    await this.db.close();
    await this.witness.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  get base() {
    return {
      db: this.db,
      clock: { now: (): Instant => this.now },
      blobs: openDiskBlobs(join(this.directory, 'blobs')),
      live: { publish: () => undefined, subscribe: () => () => undefined },
    };
  }
  get ports(): ResultPorts {
    const rooms = {
      open: async (id: string) => void this.roomActs.push(`open ${id}`),
      close: async (id: string) => void this.roomActs.push(`close ${id}`),
      remove: (id: string, participant: string) => void this.roomActs.push(`remove ${id} ${participant}`),
    };
    const seeds = { committee: this.committeeSeed, tie: this.tieSeed, coefficient: this.coefficientSeed };
    return {
      ...this.base,
      trust: this.trust.trust,
      log: this.log,
      facts: { demo: true },
      bids: { openedBidsOf: async (_tx, tenderId) => this.opened.get(tenderId) ?? [] },
      seeds: { drawSeed: (_record, purpose) => seeds[purpose] },
      rooms,
      viewTender: (tenderId, context) =>
        this.db.read(async (tx) => viewRecord(tx, await tx.tenders.get({ id: tenderId }), context)),
      deposits: {
        releaseDeposits: async (_tx, release) => void this.releases.push(release),
        depositOf: async () => ({ waived: '640000.00', guaranteed: '160000.00', state: 'submitted' }),
      },
    };
  }
  get api() {
    const documents = makeDocumentHandlers({ ...this.base, trust: this.trust.trust });
    return { ...makeEvaluationHandlers(this.ports), ...makeResultHandlers(this.ports), ...documents };
  }
  get jobs() {
    return { ...evaluationJobs(this.ports), ...resultJobs(this.ports) };
  }

  as({ caller }: Person): AuthenticatedContext {
    const session = { set: () => undefined, clear: () => undefined, token: undefined };
    this.now = instant(this.now + 1);
    return { now: this.now, caller, session, origin: 'https://localhost' };
  }

  async addOrganization(name: string, roles: readonly string[]): Promise<Organization> {
    const row = { id: newId(), name, uscc: nextUscc(), roles: [...roles], address: '青岛', createdAt: this.now };
    await this.db.transaction('test', (tx) => tx.organizations.insert(row));
    return { id: row.id, name, uscc: row.uscc };
  }
  async addPerson(name: string, role: Role, organization: Organization): Promise<Person> {
    const signer = await this.trust.enrol(name, `${role}-sign`);
    const userId = newId();
    await this.db.transaction('test', async (tx) => {
      await tx.users.insert({
        id: userId,
        name,
        email: `${userId}@test.invalid`,
        phone: '',
        totpSecret: null,
        createdAt: this.now,
      });
      await tx.memberships.insert({
        id: newId(),
        userId,
        organizationId: organization.id,
        roles: [role],
        createdAt: this.now,
      });
      await tx.certificates.insert({
        id: newId(),
        userId,
        organizationId: organization.id,
        fingerprint: fingerprintOf(signer),
        usage: 'sign',
        subject: name,
        der: toBase64(signer.certificate.der),
        notAfter: signer.certificate.notAfter,
        createdAt: this.now,
      });
    });
    const caller = { userId, name, sessionId: newId(), organizationId: organization.id, role, factors: ['passkey'] };
    return { caller, signer };
  }

  private async populate(): Promise<void> {
    const [agency, tenderee] = [
      await this.addOrganization('测试代理公司', ['agency']),
      await this.addOrganization('测试招标单位', ['tenderee']),
    ];
    this.agency = { ...(await this.addPerson('代理甲', 'agency', agency)), organization: agency };
    this.tenderee = { ...(await this.addPerson('招标甲', 'tenderee', tenderee)), organization: tenderee };
    this.supervisor = await this.addPerson(
      '监督甲',
      'supervisor',
      await this.addOrganization('测试监督局', ['supervisor']),
    );
    for (const name of ['甲建设', '乙建设', '丙建设']) {
      const organization = await this.addOrganization(name, ['bidder']);
      this.bidders.push({ ...(await this.addPerson(`${name}人员`, 'bidder', organization)), organization });
    }
    const pool = await this.addOrganization('专家库', ['expert']);
    for (let index = 0; index < 12; index++) await this.addExpert(index, pool);
  }
  private async addExpert(index: number, pool: Organization): Promise<void> {
    const person = await this.addPerson(`专家${'甲乙丙丁戊己庚辛壬癸子丑'[index]}`, 'expert', pool);
    // The first works for a bidder: never to be drawn.
    const employerUscc = index === 0 ? (this.bidders[0]?.organization.uscc ?? '') : nextUscc();
    await this.db.transaction('test', (tx) =>
      tx.experts.insert({
        id: newId(),
        userId: person.caller.userId,
        kind: index % 3 === 2 ? 'economic' : 'technical',
        specialty: '市政道路工程',
        region: '370200',
        employer: `测试设计院${index}`,
        employerUscc,
        suspended: false,
        recentCommittees: 0,
        salt: createHash('sha256').update(`${person.caller.userId}`).digest('hex'),
      }),
    );
    this.experts.push(person);
    this.people.set(person.caller.userId, person);
  }

  /** A tender with three opened bids, its pool logged. */
  async makeTender(change: Partial<ReturnType<typeof draftOf>> = {}): Promise<Made> {
    const made = await insertOpenedTender(this, change);
    this.opened.set(made.tenderId, made.bids);
    return made;
  }

  /** What a log entry says. */
  async entryOf(dedupe: string): Promise<Record<string, unknown>> {
    const row = await this.db.read((tx) => tx.logEntries.get({ dedupe }));
    return JSON.parse(row.body ?? '{}') as Record<string, unknown>;
  }

  /** The person who holds a seat. */
  async seated(tenderId: string, seat: number): Promise<Person> {
    const userId = await this.db.read(async (tx) => {
      const { expertId } = await tx.seats.get({ tenderId, seat });
      return (await tx.experts.get({ id: expertId })).userId;
    });
    const person = this.people.get(userId);
    if (person === undefined) throw new Error('an expert of another test');
    return person;
  }
  sign = async ({ signer }: Person, purpose: string, content: Uint8Array): Promise<string> =>
    toBase64(
      await signCms({ content, detached: true, eContentType: getPurpose(purpose as Purpose).eContentType, signer }),
    );

  async signDocument(person: Person, documentId: string): Promise<void> {
    const certificate = toBase64(person.signer.certificate.der);
    const prepared = await this.api.prepareSignature(input({ documentId }, { certificate }), this.as(person));
    const digest = Uint8Array.from(Buffer.from(prepared.digest, 'hex'));
    const cms = toBase64(await signCms({ contentDigest: digest, eContentType: OID.data, signer: person.signer }));
    await this.api.completeSignature(
      input({ documentId }, { preparationId: prepared.preparationId, cms }),
      this.as(person),
    );
  }
}
