import { canonicalBytes, canonicalJson, fromHex } from '@qej/kernel';
import { refusal } from './errors.ts';
import { label } from './labels.ts';
import type { CryptoProvider } from './provider.ts';
import { suites } from './provider.ts';
import { closed, hash32, id, integer, list, oneOf, point65, version, type ReadBy, type Reader } from './schema.ts';
import { openingModes, stages } from './stages.ts';

const MAX_HOLDERS = 16;
const MAX_SETS = 64;

const suite: Reader<(typeof suites)[number]> = (value, at) => {
  const known = suites.find((candidate) => candidate === value);
  if (known === undefined) throw refusal('E_SUITE', { detail: `${at}: unknown suite` });
  return known;
};

export const holderKey = closed({ id, X: point65, acceptHash: hash32 });
export const accessSets = list(list(integer(0, MAX_HOLDERS - 1), MAX_HOLDERS), MAX_SETS);

/** One holder of one stage: id, public key (65-byte point, hex), SHA-256 of its acceptance (hex). */
export type HolderKey = ReadBy<typeof holderKey>;

/** Who may open a stage: holders in fixed order, and the sets of their indices that suffice together. */
export interface HolderGroup {
  readonly holders: readonly HolderKey[];
  readonly sets: readonly (readonly number[])[];
}

export const core = closed({
  v: version(1),
  suite,
  noticeHash: hash32,
  editionHash: hash32,
  lotId: id,
  stage: oneOf(stages),
  opening: oneOf(openingModes),
  bidNonce: hash32,
  capKey: point65,
  ownerCommit: hash32,
  holders: list(holderKey, MAX_HOLDERS),
  sets: accessSets,
});

/** The part of a header that names tender, lot, stage, bid and holders; ctx is its hash. */
export type Core = ReadBy<typeof core>;

/** ctx = H(L("core") ‖ coreBytes). */
export const contextOf = (provider: CryptoProvider, of: Core): Promise<Uint8Array> =>
  provider.hash(label(provider, 'core'), canonicalBytes(of));

const isAscending = (values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value > (values[i - 1] ?? value));

function compareSets(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Each set ascending and not empty; sets in lexicographic order, none twice; keys distinct points on the curve. */
export function checkHolderGroup(provider: CryptoProvider, { holders, sets }: HolderGroup): void {
  const refuse = (detail: string): never => {
    throw refusal('E_ACCESS_STRUCTURE', { detail });
  };
  if (holders.length === 0 || sets.length === 0) refuse('no holder or no set');
  for (const set of sets) {
    if (set.length === 0 || !isAscending(set) || set.some((i) => !Number.isInteger(i) || i < 0 || i >= holders.length))
      refuse('a set is not ascending or names no holder');
  }
  if (sets.some((set, i) => i > 0 && compareSets(sets[i - 1] ?? [], set) >= 0))
    refuse('sets are not in order or repeated');
  if (new Set(holders.map((holder) => holder.X)).size !== holders.length) refuse('two holders have one key');
  if (new Set(holders.map((holder) => holder.id)).size !== holders.length) refuse('one holder twice');
  for (const holder of holders) {
    if (!provider.isPublicKey(pointOf(holder))) throw refusal('E_POINT', { detail: `key of holder ${holder.id}` });
  }
}

/** 65 bytes. */
export const pointOf = (holder: HolderKey): Uint8Array => fromHex(holder.X);

/** What notice, log and the other stages say about a core; each member given must be equal. */
export type CoreExpectation = Partial<Omit<Core, 'v'>>;

/** @throws DomainError `E_SUITE`, `E_CORE_MISMATCH` (fault bidder) */
export function checkCore(of: Core, expected: CoreExpectation): void {
  if (expected.suite !== undefined && of.suite !== expected.suite)
    throw refusal('E_SUITE', { detail: 'another suite than the notice’s', fault: 'bidder' });
  for (const [name, value] of Object.entries(expected)) {
    const actual: unknown = (of as Readonly<Record<string, unknown>>)[name];
    if (canonicalJson(actual) !== canonicalJson(value))
      throw refusal('E_CORE_MISMATCH', { detail: name, fault: 'bidder', params: { member: name } });
  }
}

/** @throws DomainError `E_SUITE` */
export function requireSuite(provider: CryptoProvider, named: string): void {
  if (provider.suite !== named) throw refusal('E_SUITE', { detail: `suite ${named}, provider ${provider.suite}` });
}
