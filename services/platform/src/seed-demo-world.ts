import { newTotpSecret } from '@qej/identity';
import { newId, toBase64, toHex } from '@qej/kernel';
import type { Clock, Instant } from '@qej/kernel';
import { parseCertificate } from '@qej/pki';
import type { SubjectRole } from '@qej/pki';
import { createDemoIdentities } from '@qej/trust';
import type { DemoPerson, LocalCa } from '@qej/trust';
import type { Database, Transaction } from '@qej/usecases';
import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoOrganizations, demoUsers } from './demo-world.ts';
import type { DemoUser } from './demo-world.ts';
import { writeDurably } from '@qej/persistence';

/** One line of the log-in list that `./qej up` prints and `data/demo-logins.json` keeps. */
export interface DemoLogin {
  readonly key: string;
  readonly name: string;
  readonly organization: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly role: string;
  readonly p12: string;
  readonly passphrase: string;
  /** Base32 secret of the second factor, for operators and clerks. */
  readonly totp?: string;
}

/** No profile of its own: the venue witness signs as an office, the clerk as operating staff. */
const PROFILE: Readonly<Record<string, SubjectRole>> = { witness: 'agency', guarantor: 'operator' };
const organizationOf = (key: string) => {
  const found = demoOrganizations.find((organization) => organization.key === key);
  if (found === undefined) throw new Error(`no demo organisation ${key}`);
  return found;
};
const personOf = ({ key, name, organization, role }: DemoUser): DemoPerson => {
  const { name: organizationName, uscc } = organizationOf(organization);
  return { id: key, name, organization: organizationName, uscc, profile: PROFILE[role] ?? (role as SubjectRole) };
};

async function insertCertificates(
  tx: Transaction,
  directory: string,
  key: string,
  owner: { userId: string; organizationId: string },
  now: Instant,
): Promise<void> {
  for (const usage of ['sign', 'encrypt'] as const) {
    const der = new Uint8Array(await readFile(join(directory, `${key}-${usage}.cer`)));
    const { notAfter, subject } = parseCertificate(der);
    const fingerprint = toHex(new Uint8Array(createHash('sha256').update(der).digest()));
    await tx.certificates.insert({
      id: newId(),
      ...owner,
      fingerprint,
      usage,
      subject: subject.commonName ?? '',
      der: toBase64(der),
      notAfter,
      createdAt: now,
    });
  }
}

async function insertUser(
  tx: Transaction,
  user: DemoUser,
  ids: ReadonlyMap<string, string>,
  now: Instant,
): Promise<{ userId: string; organizationId: string; totp: string | null }> {
  const organizationId = ids.get(user.organization) ?? '';
  const totp = user.role === 'operator' || user.role === 'guarantor' ? newTotpSecret().reveal() : null;
  const { id: userId } = await tx.users.insert({
    id: newId(),
    name: user.name.zh,
    email: `${user.key}@demo.invalid`,
    phone: '',
    totpSecret: totp,
    createdAt: now,
  });
  const { roles } = organizationOf(user.organization);
  await tx.memberships.insert({ id: newId(), userId, organizationId, roles: [...roles], createdAt: now });
  if (user.expert !== undefined) {
    const salt = toHex(globalThis.crypto.getRandomValues(new Uint8Array(32)));
    await tx.experts.insert({ id: newId(), userId, ...user.expert, suspended: false, recentCommittees: 0, salt });
  }
  return { userId, organizationId, totp };
}

/**
 * People, organisations, certificates and the expert pool of a fresh demo database; tenders come only through the API.
 * @returns the log-ins, also kept in `demo-logins.json`.
 */
export async function seedDemoWorld(deps: {
  readonly db: Database;
  readonly ca: LocalCa;
  readonly clock: Clock;
  readonly dataDirectory: string;
}): Promise<readonly DemoLogin[]> {
  const file = join(deps.dataDirectory, 'demo-logins.json');
  const known = await access(file).then(
    () => true,
    () => false,
  );
  if (known) return JSON.parse(await readFile(file, 'utf8')) as DemoLogin[];
  const now = deps.clock.now();
  const directory = join(deps.dataDirectory, 'identities');
  const { identities } = await createDemoIdentities(deps.ca, directory, demoUsers.map(personOf));
  const logins = await deps.db.transaction('demo:seed', async (tx) => {
    const ids = new Map<string, string>();
    for (const { key, name, uscc, roles, address } of demoOrganizations) {
      const existing = await tx.organizations.find({ uscc });
      if (existing !== undefined)
        throw new Error(`the database has ${name}, but ${file} is gone; start with an empty data directory`);
      ids.set(
        key,
        (await tx.organizations.insert({ id: newId(), name, uscc, roles: [...roles], address, createdAt: now })).id,
      );
    }
    const rows: DemoLogin[] = [];
    for (const user of demoUsers) {
      const { userId, organizationId, totp } = await insertUser(tx, user, ids, now);
      await insertCertificates(tx, directory, user.key, { userId, organizationId }, now);
      const identity = identities.find(({ id }) => id === user.key);
      rows.push({
        key: user.key,
        name: user.name.zh,
        organization: organizationOf(user.organization).name,
        organizationId,
        userId,
        role: user.role,
        p12: join('identities', identity?.p12 ?? ''),
        passphrase: identity?.passphrase ?? '',
        ...(totp === null ? {} : { totp }),
      });
    }
    return rows;
  });
  await writeDurably(file, new TextEncoder().encode(`${JSON.stringify(logins, null, 1)}\n`));
  return logins;
}
