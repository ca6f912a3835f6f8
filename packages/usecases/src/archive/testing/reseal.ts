import { canonicalBytes, parseCanonical, parseInstant, plusMs } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { localTsaPolicy } from '@qej/pki';
import { readContainer, verifyArchive } from '@qej/verifier';
import type { ArchiveStepId, ArchiveVerdict, VerifyPolicy } from '@qej/verifier';
import { makeArchiveHandlers } from '../archive-handlers.ts';
import type { ArchiveProfile } from '../ports.ts';
import { sealArchive } from '../seal-archive.ts';
import type { ArchiveWorld } from './archive-world.ts';

/** What an auditor who knows this platform's root, witness and log believes. */
export const policyOf = ({ ca, witness, logKey }: ArchiveWorld, change: Partial<VerifyPolicy> = {}): VerifyPolicy => ({
  roots: ca.roots.map(({ der }) => der),
  witnesses: [{ vkey: witness.vkey, independent: true }],
  quorum: 1,
  tsaPolicies: [localTsaPolicy],
  logKey,
  ...change,
});

export const verify = (
  world: ArchiveWorld,
  bytes: Uint8Array,
  change: Partial<VerifyPolicy> = {},
): Promise<ArchiveVerdict> => verifyArchive(bytes, policyOf(world, change), plusMs(world.clock.at, 60_000));

export async function getArchive(world: ArchiveWorld, tenderId: string, profile: ArchiveProfile): Promise<Uint8Array> {
  const { getArchive: open, getFullArchive: full } = makeArchiveHandlers(world.ports);
  const input = { params: { tenderId }, body: undefined, query: undefined, bytes: undefined };
  const context = {
    now: world.clock.at,
    origin: '',
    session: { set: () => undefined, clear: () => undefined, token: undefined },
  };
  const caller = { userId: '', name: '', sessionId: '', organizationId: '', role: 'supervisor', factors: [] };
  const answer =
    profile === 'full' ? full(input, { ...context, caller }) : open(input, { ...context, caller: undefined });
  const bytes = await answer;
  if (bytes instanceof ReadableStream) throw new Error('archives come whole');
  return bytes;
}

export type Members = Map<string, Uint8Array>;
type JsonObject = { [key: string]: Json };

/** The operator takes an archive apart, changes it, and seals it again with its own true seal and a true time stamp. */
export async function reseal(
  world: ArchiveWorld,
  archive: Uint8Array,
  change: (members: Members) => void,
): Promise<Uint8Array> {
  const { index, members } = readContainer(archive);
  const changed: Members = new Map(members);
  change(changed);
  const { profile, tenderId, code, state, origin, createdAt } = index;
  const head = { profile, tenderId, code, state, origin, createdAt: parseInstant(createdAt) };
  return sealArchive(
    head,
    [...changed].map(([path, bytes]) => ({ path, bytes })),
    world.ports.trust,
  );
}

/** Edits a JSON member in place; the callback gets a deep copy. */
export const edit =
  (path: string, change: (value: JsonObject) => void) =>
  (members: Members): void => {
    const value = JSON.parse(JSON.stringify(parseCanonical(members.get(path) ?? new Uint8Array()))) as JsonObject;
    change(value);
    members.set(path, canonicalBytes(value));
  };

/** `a.0.b` in a JSON value. */
export function at(value: JsonObject, path: string): JsonObject {
  let found: unknown = value;
  for (const name of path.split('.')) found = (found as { [key: string]: unknown })[name];
  return found as JsonObject;
}

/** Codes of the findings of one step. */
export const codesOf = (verdict: ArchiveVerdict, step: ArchiveStepId): string[] =>
  verdict.steps.find(({ id }) => id === step)?.findings.map(({ code }) => code) ?? [];
