import { concatBytes, equalBytes, fromBase64, fromHex, toBase64, toHex, u32be } from '@qej/kernel';
import { pointOf, type Core, type HolderGroup } from './core.ts';
import { refusal } from './errors.ts';
import { setName, type Header } from './header.ts';
import { label, listOf } from './labels.ts';
import type { CryptoProvider } from './provider.ts';

const COINS_LENGTH = 48;

/** k_i and C_i of one holder, derived from h alone. */
export interface HolderWrap {
  readonly key: Uint8Array;
  readonly coins: Uint8Array;
  readonly wrapped: Uint8Array;
}

export interface OfficeWraps {
  readonly wraps: readonly HolderWrap[];
  /** W_S by set name. */
  readonly masked: Readonly<Record<string, Uint8Array>>;
}

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ (b[i] ?? 0));

const maskOf = (
  provider: CryptoProvider,
  ctx: Uint8Array,
  set: readonly number[],
  keys: readonly Uint8Array[],
): Promise<Uint8Array> =>
  provider.hkdf(concatBytes(...keys), ctx, concatBytes(label(provider, 'set'), listOf(set)), 32);

async function holderWrap(
  provider: CryptoProvider,
  prk: Uint8Array,
  ctx: Uint8Array,
  i: number,
  publicKey: Uint8Array,
): Promise<HolderWrap> {
  const key = await provider.hkdfExpand(prk, concatBytes(label(provider, 'holder'), u32be(i)), 32);
  const coins = await provider.hkdfExpand(prk, concatBytes(label(provider, 'coins'), u32be(i)), COINS_LENGTH);
  return { key, coins, wrapped: await provider.wrap(publicKey, key, ctx, coins) };
}

/** All k_i, C_i and W_S as h determines them. */
export async function wrapOfficeHalf(
  provider: CryptoProvider,
  group: HolderGroup,
  ctx: Uint8Array,
  h: Uint8Array,
): Promise<OfficeWraps> {
  const prk = await provider.hkdfExtract(ctx, h);
  const wraps: HolderWrap[] = [];
  for (const [i, holder] of group.holders.entries())
    wraps.push(await holderWrap(provider, prk, ctx, i, pointOf(holder)));
  const masked: Record<string, Uint8Array> = {};
  for (const set of group.sets) masked[setName(set)] = xor(h, await maskOf(provider, ctx, set, keysOf(wraps, set)));
  return { wraps, masked };
}

function keysOf(wraps: readonly HolderWrap[], set: readonly number[]): Uint8Array[] {
  return set.map((i) => {
    const wrap = wraps[i];
    if (wrap === undefined) throw new RangeError('set names no holder');
    return wrap.key;
  });
}

export const encodeWraps = ({ wraps, masked }: OfficeWraps): Pick<Header, 'C' | 'W'> => ({
  C: wraps.map(({ wrapped }) => toBase64(wrapped)),
  W: Object.fromEntries(Object.entries(masked).map(([name, bytes]) => [name, toHex(bytes)])),
});

/** ch = H(L("ch") ‖ ctx ‖ h). */
export const officeCommit = (provider: CryptoProvider, ctx: Uint8Array, h: Uint8Array): Promise<Uint8Array> =>
  provider.hash(label(provider, 'ch'), ctx, h);

/** Published scalars by holder index. */
export type ReleasedKeys = ReadonlyMap<number, Uint8Array>;

/** @throws DomainError `E_HOLDER_KEY` (fault holder) */
async function checkReleased(provider: CryptoProvider, core: Core, released: ReleasedKeys): Promise<void> {
  for (const [i, scalar] of released) {
    const holder = core.holders[i];
    const point = await provider.publicKeyOf(scalar);
    if (holder === undefined || point === undefined || toHex(point) !== holder.X) {
      throw refusal('E_HOLDER_KEY', { detail: `holder ${i}`, fault: 'holder', params: { holder: i } });
    }
  }
}

const refuseHalf = (detail: string, stage: string): never => {
  throw refusal('E_OFFICE_HALF', { detail, fault: 'bidder', params: { stage } });
};

/**
 * h from the first authorised set that was released, or a refusal. Which set it was never changes the outcome:
 * {@link checkOfficeHalf} follows and recomputes every wrap.
 * @throws DomainError `E_HOLDER_KEY`, `E_NOT_RELEASED`, `E_OFFICE_HALF`
 */
export async function recoverOfficeHalf(
  provider: CryptoProvider,
  header: Header,
  ctx: Uint8Array,
  released: ReleasedKeys,
): Promise<Uint8Array> {
  const { core } = header;
  await checkReleased(provider, core, released);
  const set = core.sets.find((candidate) => candidate.every((i) => released.has(i)));
  if (set === undefined)
    throw refusal('E_NOT_RELEASED', {
      detail: 'no authorised set is complete',
      fault: 'holder',
      params: { stage: core.stage },
    });
  const keys: Uint8Array[] = [];
  for (const i of set) {
    const scalar = released.get(i);
    const wrapped = header.C[i];
    const key =
      scalar === undefined || wrapped === undefined
        ? undefined
        : await provider.unwrap(scalar, fromBase64(wrapped), ctx);
    keys.push(key ?? refuseHalf(`wrap of holder ${i} does not open`, core.stage));
  }
  const masked = header.W[setName(set)] ?? refuseHalf(`no wrap for set ${setName(set)}`, core.stage);
  return xor(fromHex(masked), await maskOf(provider, ctx, set, keys));
}

/**
 * The opening rule: h fits ch, and every C_i and W_S is what h determines, byte for byte.
 * @throws DomainError `E_OFFICE_HALF` (fault bidder)
 */
export async function checkOfficeHalf(
  provider: CryptoProvider,
  header: Header,
  ctx: Uint8Array,
  h: Uint8Array,
): Promise<void> {
  const { core } = header;
  if (!equalBytes(await officeCommit(provider, ctx, h), fromHex(header.ch))) refuseHalf('ch differs', core.stage);
  const { C, W } = encodeWraps(await wrapOfficeHalf(provider, core, ctx, h));
  if (C.length !== header.C.length || C.some((wrapped, i) => wrapped !== header.C[i]))
    refuseHalf('a recomputed wrap differs', core.stage);
  const names = Object.keys(W);
  if (names.length !== Object.keys(header.W).length || names.some((name) => W[name] !== header.W[name]))
    refuseHalf('a recomputed set wrap differs', core.stage);
}
