import { roles as allRoles } from '@qej/identity';
import type { Role } from '@qej/identity';
import { canonicalBytes, DomainError, formatInstant, fromBase64, instant, newId, parseInstant } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import type { Handlers } from '../handlers.ts';
import { notify } from '../notifier/notify.ts';
import type { Transaction } from '../ports.ts';
import type { MandateRecord, OrganizationRecord } from '../records.ts';
import type { IdentityPorts } from './ports.ts';

export interface HolderEntry {
  readonly holderId: string;
  readonly role: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly organizationId: string;
  readonly independent: boolean;
}

export interface OfficePorts extends IdentityPorts {
  /** Holders that can be named in a notice. */
  readonly holders: () => Promise<readonly HolderEntry[]>;
  readonly standIns: readonly { readonly id: string; readonly name: { readonly zh: string; readonly en: string } }[];
  readonly health: () => Promise<{
    readonly parts: readonly { id: string; name: { zh: string; en: string }; ok: boolean; detail: string }[];
  }>;
  readonly rulesVersions: readonly string[];
}

const PAGE = 50;
const at = (ms: number): string => formatInstant(instant(ms));
const bilingual = (value: Json): { zh: string; en: string } => value as { zh: string; en: string }; // written by notify() alone
const party = ({ id, name, uscc }: OrganizationRecord) => ({ organizationId: id, name, uscc });
const nextOf = (rows: readonly { readonly id: string }[], limit: number): { next?: string } => {
  const last = rows.at(-1);
  return last !== undefined && rows.length === limit ? { next: last.id } : {};
};
const pageAfter = (after: string | undefined): { after?: { member: 'id'; value: string } } =>
  after === undefined ? {} : { after: { member: 'id', value: after } };

/** The bytes of a mandate (委托书) that the tenderee signs, purpose `qej-mandate/1`. */
export const mandateBytes = (mandate: {
  agencyOrganizationId: string;
  tendereeOrganizationId: string;
  tenderId: string | null;
  from: string;
  to: string;
}): Uint8Array<ArrayBuffer> => canonicalBytes({ v: 1, ...mandate });

/** A mandate of the tenderee for the agency, in force now, for this tender or for all. */
export async function findMandate(
  tx: Transaction,
  where: { agencyOrganizationId: string; tendereeOrganizationId: string; tenderId?: string; now: number },
): Promise<MandateRecord | undefined> {
  const { agencyOrganizationId, tendereeOrganizationId } = where;
  const rows = await tx.mandates.list({ agencyOrganizationId, tendereeOrganizationId });
  return rows.find(
    ({ validFrom, validTo, tenderId }) =>
      validFrom <= where.now && where.now < validTo && (tenderId === null || tenderId === where.tenderId),
  );
}

type Names =
  | 'getServerTime'
  | 'grantMandate'
  | 'listMandates'
  | 'listInbox'
  | 'markRead'
  | 'listOutbox'
  | 'getHealth'
  | 'listOrganizations'
  | 'listExpertPool'
  | 'suspendExpert'
  | 'listParties';

/** Mandates, inbox and outbox, and what the operator sees. Nothing here knows of sealed bids. */
export function makeOfficeHandlers(ports: OfficePorts): Handlers<Names> {
  const { db, facts } = ports;
  return {
    getServerTime: async (_input, { now }) => ({
      now: formatInstant(now),
      demo: facts.demo,
      standIns: ports.standIns.map(({ id, name }) => ({ id, name: { ...name } })),
    }),
    grantMandate: async ({ body }, { caller, now }) => {
      const mandate = {
        agencyOrganizationId: body.agencyOrganizationId,
        tendereeOrganizationId: caller.organizationId,
        tenderId: body.scope.tenderId ?? null,
        from: body.from,
        to: body.to,
      };
      if (parseInstant(body.from) >= parseInstant(body.to))
        throw new DomainError('E_MANDATE', { detail: 'ends before it begins' });
      if (body.cms === undefined) throw new DomainError('E_SIGNATURE', { detail: 'a mandate is signed' });
      const signer = await ports.trust.verify({
        purpose: 'qej-mandate/1',
        content: mandateBytes(mandate),
        cms: fromBase64(body.cms),
        at: now,
      });
      return db.transaction('identity:grant-mandate', async (tx) => {
        const bound = await tx.certificates.find({ fingerprint: signer.fingerprint, userId: caller.userId });
        if (bound === undefined) throw new DomainError('E_CERT_UNBOUND');
        const agency = await tx.organizations.get({ id: body.agencyOrganizationId });
        if (!agency.roles.includes('agency')) throw new DomainError('E_MANDATE', { detail: 'not an agency' });
        const grantor = await tx.organizations.get({ id: caller.organizationId });
        const row = await tx.mandates.insert({
          id: newId(),
          tendereeOrganizationId: grantor.id,
          agencyOrganizationId: agency.id,
          tenderId: mandate.tenderId,
          validFrom: parseInstant(body.from),
          validTo: parseInstant(body.to),
          cms: body.cms ?? null,
          createdAt: now,
        });
        await notify(tx, {
          kind: 'mandate-granted',
          at: now,
          role: 'agency',
          to: { organizationIds: [agency.id] },
          params: { grantor: grantor.name, until: body.to },
          isOpened: true,
          dedupe: `mandate:${row.id}`,
        });
        return { mandateId: row.id };
      });
    },
    listMandates: async (_input, { caller }) =>
      db.read(async (tx) => {
        const member = caller.role === 'tenderee' ? 'tendereeOrganizationId' : 'agencyOrganizationId';
        const rows = await tx.mandates.list({ [member]: caller.organizationId });
        const ids = [...new Set(rows.flatMap((row) => [row.tendereeOrganizationId, row.agencyOrganizationId]))];
        const parties = new Map(
          (ids.length === 0 ? [] : await tx.organizations.list({ id: ids })).map((row) => [row.id, party(row)]),
        );
        const partyOf = (id: string) => parties.get(id) ?? { organizationId: id, name: '', uscc: '' };
        return {
          items: rows.map((row) => ({
            mandateId: row.id,
            tenderee: partyOf(row.tendereeOrganizationId),
            agency: partyOf(row.agencyOrganizationId),
            ...(row.tenderId === null ? {} : { tenderId: row.tenderId }),
            from: at(row.validFrom),
            to: at(row.validTo),
          })),
        };
      }),
    listInbox: async ({ query }, { caller }) => {
      const limit = query.limit ?? PAGE;
      const rows = await db.read((tx) =>
        tx.inbox.list(
          { userId: caller.userId },
          {
            orderBy: { at: 'desc' },
            limit,
            ...(query.after === undefined ? {} : { after: { member: 'at', value: Number(query.after) } }),
          },
        ),
      );
      const last = rows.at(-1);
      return {
        items: rows.map((row) => ({
          messageId: row.id,
          event: row.event,
          at: at(row.at),
          subject: bilingual(row.subject),
          text: bilingual(row.text),
          ...(row.tenderId === null ? {} : { tenderId: row.tenderId }),
          ...(row.readAt === null ? {} : { readAt: at(row.readAt) }),
        })),
        ...(rows.length === limit && last !== undefined ? { next: String(last.at) } : {}),
      };
    },
    markRead: async ({ params }, { caller, now }) => {
      await db.transaction('identity:mark-read', async (tx) => {
        const row = await tx.inbox.get({ id: params.messageId, userId: caller.userId });
        row.readAt ??= now;
      });
      return { ok: true };
    },
    listOutbox: async ({ query }) => {
      const limit = query.limit ?? PAGE;
      const rows = await db.read((tx) =>
        tx.deliveries.list({}, { orderBy: { id: 'asc' }, limit, ...pageAfter(query.after) }),
      );
      return {
        items: rows.map((row) => ({
          messageId: row.id,
          channel: row.channel as 'email' | 'sms' | 'voice',
          to: row.recipient,
          at: at(row.createdAt),
          subject: row.subject,
          text: row.text,
          state: row.state as 'queued' | 'delivered' | 'failed',
          attempts: row.attempts,
        })),
        ...nextOf(rows, limit),
      };
    },
    getHealth: async (_input, { now }) => {
      const { parts } = await ports.health();
      const queues = await db.read(async (tx) => [
        { id: 'jobs', waiting: (await tx.jobs.list({ state: 'waiting' }, { limit: 1_000 })).length },
        { id: 'deliveries', waiting: (await tx.deliveries.list({ state: 'queued' }, { limit: 1_000 })).length },
        { id: 'log', waiting: (await tx.logEntries.list({ seq: null }, { limit: 1_000 })).length },
      ]);
      return {
        database: facts.databaseName,
        uptimeMs: Math.max(0, now - facts.startedAt),
        rulesVersions: [...ports.rulesVersions],
        parts: parts.map((part) => ({ ...part })),
        queues,
      };
    },
    listOrganizations: async ({ query }) => {
      const limit = query.limit ?? PAGE;
      const rows = await db.read((tx) =>
        tx.organizations.list({}, { orderBy: { id: 'asc' }, limit, ...pageAfter(query.after) }),
      );
      return {
        items: rows.map((row) => ({
          ...party(row),
          roles: row.roles.filter((role): role is Role => (allRoles as readonly string[]).includes(role)),
        })),
        ...nextOf(rows, limit),
      };
    },
    listExpertPool: async () =>
      db.read(async (tx) => {
        const experts = await tx.experts.list({}, { orderBy: { id: 'asc' } });
        const names = new Map(
          (experts.length === 0 ? [] : await tx.users.list({ id: experts.map(({ userId }) => userId) })).map((user) => [
            user.id,
            user.name,
          ]),
        );
        return {
          items: experts.map((row) => ({
            expertId: row.id,
            name: names.get(row.userId) ?? '',
            specialty: row.specialty,
            region: row.region,
            employer: row.employer,
            kind: row.kind === 'economic' ? ('economic' as const) : ('technical' as const),
            suspended: row.suspended,
          })),
        };
      }),
    suspendExpert: async ({ params, body }) => {
      await db.transaction('identity:suspend-expert', async (tx) => {
        (await tx.experts.lock({ id: params.expertId })).suspended = body.suspended;
      });
      return { ok: true };
    },
    listParties: async () => {
      const holders = await ports.holders();
      return db.read(async (tx) => {
        // Organisations are few (thousands); a role is a JSON member, so the filter is here.
        const organizations = await tx.organizations.list({}, { orderBy: { name: 'asc' }, limit: 5_000 });
        const withRole = (role: Role) => organizations.filter(({ roles }) => roles.includes(role)).map(party);
        return {
          tenderees: withRole('tenderee'),
          agencies: withRole('agency'),
          holders: holders.map(({ holderId, role, name, independent }) => ({
            holderId,
            role,
            name: { ...name },
            independent,
          })),
        };
      });
    },
  };
}
