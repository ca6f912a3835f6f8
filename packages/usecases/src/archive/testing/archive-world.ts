import { createNoteSigner, newNoteSeed, parseVkey } from '@qej/evidence';
import { createFileGuard } from '@qej/evidence/node';
import { instant, newId, Secret, toBase64 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { openDatabase, openDiskBlobs, openObjectPool } from '@qej/persistence';
import { getPurpose, OID, signCms, verifyCms } from '@qej/pki';
import type { Certificate, Purpose, Signer } from '@qej/pki';
import { nodeProvider as provider } from '@qej/sealed-bid/node';
import { completeSignature, prepareSignature } from '@qej/documents';
import { ownDatabaseUrl } from '@qej/testkit';
import { createTsa, generateKey, nodeSigner, openLocalCa, openServerSigner, spkiOf } from '@qej/trust';
import type { LocalCa, Tsa } from '@qej/trust';
import { startWitness } from '@qej/witness';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nextUscc } from '../../evaluation/testing/test-tender.ts';
import type { AuthenticatedContext } from '../../handlers.ts';
import { createIntakeGate } from '../../intake/intake-gate.ts';
import { openEvidenceLog } from '../../log/evidence-log.ts';
import type { Caller, PlatformTrust, VerifiedSigner } from '../../ports.ts';
import type { OrganizationRecord } from '../../records.ts';

/** Slow RSA keys of the test authorities, made once a checkout. */
const keyDirectory = fileURLToPath(new URL('../../../../../.cache/test-ca-keys', import.meta.url));
export const START = instant(Date.UTC(2026, 7, 3, 6));
const ORIGIN = 'log.test.invalid/archive';

type Bytes = Uint8Array<ArrayBuffer>;
export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const described = (certificate: Certificate): VerifiedSigner => ({
  fingerprint: sha256Hex(certificate.der),
  certificate: new Uint8Array(certificate.der),
  commonName: certificate.subject.commonName ?? '',
  organization: certificate.subject.organization ?? '',
  uscc: certificate.subject.uscc ?? '',
});

/** The platform's trust port over a local authority, its seal and its time stamps: everything really signs. */
function makeTrust(ca: LocalCa, seal: Signer, tsa: Tsa, tsaChain: readonly Certificate[]): PlatformTrust {
  const sha256 = (bytes: Uint8Array): Bytes => new Uint8Array(createHash('sha256').update(bytes).digest());
  const stamp = async (digest: Uint8Array): Promise<Bytes> => new Uint8Array(await tsa.timestamp(digest));
  const chain = async () => ({ roots: ca.roots, intermediates: ca.intermediates, crls: await ca.crls() });
  return {
    sign: async (purpose, content) =>
      new Uint8Array(
        await signCms({ content, detached: true, eContentType: getPurpose(purpose).eContentType, signer: seal }),
      ),
    timestamp: (bytes) => stamp(sha256(bytes)),
    verify: async ({ purpose, content, cms, at }) => {
      const { eContentType } = getPurpose(purpose as Purpose);
      const signed = content === undefined ? {} : { content };
      return described((await verifyCms({ cms, ...signed, eContentType, ...(await chain()), at: instant(at) })).signer);
    },
    verifyPdfCms: async ({ digest, cms, at }) => {
      const request = { cms, contentDigest: digest, eContentType: OID.data, at: instant(at) };
      return described((await verifyCms({ ...request, ...(await chain()) })).signer);
    },
    checkCertificate: () => Promise.reject(new Error('not asked for in this test')),
    sealPdf: async (pdf, { fieldName, reason, at }) => {
      const wanted = { fieldName, reason, at: instant(at), signerName: '测试平台' };
      const { prepared, byteRange, digest } = prepareSignature(pdf, wanted);
      const cms = await signCms({ contentDigest: digest, eContentType: OID.data, signer: seal, timestamp: stamp });
      return new Uint8Array(completeSignature(prepared, byteRange, cms));
    },
    publicTrust: {
      roots: ca.roots.map(({ der }) => der),
      intermediates: ca.intermediates.map(({ der }) => der),
      crls: async () => (await ca.crls()).map(({ der }) => der),
      tsaCertificates: tsaChain.map(({ der }) => der),
    },
  };
}

export interface Person {
  readonly caller: Caller;
  readonly organization: OrganizationRecord;
  readonly signer: Signer;
}
export type TestRole = 'agency' | 'bidder' | 'expert' | 'tenderee' | 'witness' | 'guarantor';

/** Database, log with a real witness, authority, pools: what a platform has, without its listeners. */
export async function makeArchiveWorld() {
  const directory = await mkdtemp(join(tmpdir(), 'qej-archive-'));
  const clock = { at: START, now: (): Instant => clock.at };
  const ca = await openLocalCa({ directory: join(directory, 'ca'), clock, keyDirectory });
  const subject = {
    country: 'CN',
    organization: '测试平台',
    uscc: '91350100M000100Y43',
    commonName: '测试平台电子印章',
  };
  const server = (name: 'platform-seal' | 'tsa' | 'bank-seal', of = subject) =>
    openServerSigner({ ca, directory: join(directory, 'keys'), name, profile: name, subject: of });
  const bank = await server('bank-seal', {
    ...subject,
    organization: '测试银行',
    uscc: nextUscc(),
    commonName: '测试银行电子印章',
  });
  const [seal, stamper] = [await server('platform-seal'), await server('tsa')];
  const tsa = createTsa({ signer: stamper, clock });
  const trust = makeTrust(ca, seal, tsa, [stamper.certificate, ...stamper.chain]);
  const logSigner = await createNoteSigner({ name: ORIGIN, kind: 'ed25519', seed: newNoteSeed() });
  const witness = await startWitness(
    {
      host: '127.0.0.1',
      port: 0,
      dir: join(directory, 'witness'),
      name: 'witness.test.invalid',
      logs: new Map([[ORIGIN, parseVkey(logSigner.vkey)]]),
      hasNewKey: false,
    },
    { clock, log: () => undefined },
  );
  const db = await openDatabase({ url: ownDatabaseUrl(directory) });
  const live = { publish: () => undefined, subscribe: () => () => undefined };
  const base = { db, clock, blobs: openDiskBlobs(join(directory, 'blobs')), live };
  const { name, url, vkey } = witness;
  const log = await openEvidenceLog({
    ...base,
    guard: createFileGuard(join(directory, 'guard.json')),
    signer: logSigner,
    origin: ORIGIN,
    witnesses: [{ name, url, vkey, independent: false }],
    tickKey: new Secret<Uint8Array>(globalThis.crypto.getRandomValues(new Uint8Array(32))),
    fetch: globalThis.fetch,
  });
  const ports = {
    ...base,
    log,
    trust,
    provider,
    objects: openObjectPool(join(directory, 'objects')),
    registers: openObjectPool(join(directory, 'registers')),
    gate: createIntakeGate(),
    tsaIndependent: false,
    tokenKey: new Uint8Array(),
    facts: { demo: true },
  };

  const addPerson = async (role: TestRole, organizationName: string): Promise<Person> => {
    const organization = {
      id: newId(),
      name: organizationName,
      uscc: nextUscc(),
      roles: [role],
      address: '青岛',
      createdAt: clock.at,
    };
    const privateKey = await generateKey('p-256');
    const certificate = await ca.issue({
      profile: role === 'bidder' || role === 'expert' ? `${role}-sign` : 'agency-sign',
      subject: {
        country: 'CN',
        organization: organization.name,
        uscc: organization.uscc,
        commonName: organizationName,
      },
      spki: spkiOf(privateKey),
    });
    const userId = newId();
    await db.transaction('test:person', async (tx) => {
      await tx.organizations.insert(organization);
      const person = { name: organizationName, email: '', phone: '', totpSecret: null, createdAt: clock.at };
      await tx.users.insert({ id: userId, ...person });
      await tx.certificates.insert({
        id: newId(),
        userId,
        organizationId: organization.id,
        fingerprint: sha256Hex(certificate.der),
        usage: 'sign',
        subject: organizationName,
        der: toBase64(certificate.der),
        notAfter: certificate.notAfter,
        createdAt: clock.at,
      });
    });
    const caller = {
      userId,
      name: organizationName,
      sessionId: newId(),
      organizationId: organization.id,
      role,
      factors: [],
    };
    const signer = nodeSigner({ privateKey, certificate, chain: ca.chainOf(certificate) });
    return { caller, organization, signer };
  };

  return {
    clock,
    ca,
    bank,
    ports,
    witness,
    logKey: logSigner.vkey,
    addPerson,
    pass: (ms: number): void => {
      clock.at = instant(clock.at + ms);
    },
    as: ({ caller }: Person): AuthenticatedContext => ({
      now: clock.at,
      caller,
      origin: 'https://app.test.invalid',
      session: { set: () => undefined, clear: () => undefined, token: undefined },
    }),
    sign: async ({ signer }: Person, purpose: Purpose, content: Uint8Array): Promise<string> =>
      toBase64(await signCms({ content, detached: true, eContentType: getPurpose(purpose).eContentType, signer })),
    close: async (): Promise<void> => {
      await db.close();
      await witness.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
export type ArchiveWorld = Awaited<ReturnType<typeof makeArchiveWorld>>;
