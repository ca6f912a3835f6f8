import { equalBytes, fromHex } from '@qej/kernel';
import { bidderCommit, blockKey, contentKey, keyCommit } from './content-keys.ts';
import { checkCore, contextOf, requireSuite, type CoreExpectation, type HolderGroup } from './core.ts';
import { refusal } from './errors.ts';
import type { Header } from './header.ts';
import { checkOfficeHalf, recoverOfficeHalf, type ReleasedKeys } from './office-half.ts';
import type { CryptoProvider, SuiteId } from './provider.ts';
import { openBlock, parseRegisterRecord, type RegisterRecord } from './record.ts';
import { parseRegisterEnvelope, registerHashOf, type RegisterEnvelope } from './register-envelope.ts';
import type { SealMessage } from './seal-message.ts';
import { checkContentStages, type OpeningMode } from './stages.ts';

/** What notice and log say of the lot; `holders` and `sets` are those of the stage in question. */
export interface LotExpectation extends HolderGroup {
  readonly suite: SuiteId;
  readonly noticeHash: string;
  readonly lotId: string;
  readonly opening: OpeningMode;
}

export interface RegisterInput {
  /** Parsed and verified; the caller has checked that it is in the closing set. */
  readonly message: SealMessage;
  readonly envelope: Uint8Array;
  readonly expected: LotExpectation;
  readonly released: ReleasedKeys;
}

export interface OpenedRegister {
  readonly message: SealMessage;
  readonly header: Header;
  readonly ctx: Uint8Array;
  readonly record: RegisterRecord;
}

/**
 * CK of a stage whose header is authentic: the half of the bidder, then the key commitment.
 * @throws DomainError `E_BIDDER_HALF`, `E_KEY_COMMIT` (fault bidder)
 */
export async function checkedContentKey(
  provider: CryptoProvider,
  header: Header,
  ctx: Uint8Array,
  halves: { readonly b: Uint8Array; readonly h: Uint8Array },
): Promise<Uint8Array> {
  const { stage } = header.core;
  if (!equalBytes(await bidderCommit(provider, ctx, halves.b), fromHex(header.cb)))
    throw refusal('E_BIDDER_HALF', { fault: 'bidder', params: { stage } });
  const ck = await contentKey(provider, ctx, halves.b, halves.h);
  if (!equalBytes(await keyCommit(provider, ck), fromHex(header.KC)))
    throw refusal('E_KEY_COMMIT', { fault: 'bidder', params: { stage } });
  return ck;
}

/** @throws DomainError `E_CORE_MISMATCH`, `E_SUITE`, `E_REGISTER_HASH` */
async function authenticEnvelope(
  provider: CryptoProvider,
  { message, envelope, expected }: Omit<RegisterInput, 'released'>,
): Promise<RegisterEnvelope> {
  if ((await registerHashOf(provider, envelope)) !== message.body.registerHash)
    throw refusal('E_REGISTER_HASH', { fault: 'platform' });
  const parsed = await parseRegisterEnvelope(provider, envelope);
  requireSuite(provider, parsed.header.core.suite);
  const { suite, noticeHash, lotId, opening, holders, sets } = expected;
  const wanted: CoreExpectation = {
    suite,
    noticeHash,
    lotId,
    opening,
    holders: [...holders],
    sets: sets.map((set) => [...set]),
    stage: 'register',
    capKey: message.capKey,
  };
  checkCore(parsed.header.core, wanted);
  if (message.body.lotId !== lotId)
    throw refusal('E_CORE_MISMATCH', { detail: 'lotId of the message', fault: 'bidder', params: { member: 'lotId' } });
  return parsed;
}

/** The same checks with h from somewhere else: the bidder's own, in a trial opening. */
export async function openRegisterWith(
  provider: CryptoProvider,
  input: Omit<RegisterInput, 'released'>,
  officeHalf: (header: Header, ctx: Uint8Array) => Promise<Uint8Array>,
): Promise<OpenedRegister> {
  const { header, hh, sealedRecord } = await authenticEnvelope(provider, input);
  const ctx = await contextOf(provider, header.core);
  const h = await officeHalf(header, ctx);
  await checkOfficeHalf(provider, header, ctx, h);
  const ck = await checkedContentKey(provider, header, ctx, { b: new Uint8Array(0), h });
  const block = await openBlock(provider, await blockKey(provider, ck, 'record', hh), hh, sealedRecord);
  if (block === undefined)
    throw refusal('E_RECORD', { detail: 'register record', fault: 'bidder', params: { stage: 'register' } });
  const record = parseRegisterRecord(block);
  checkContentStages(record.stages.map(({ stage }) => stage));
  const total = record.stages.reduce((sum, { objectCount }) => sum + objectCount, 0);
  if (total !== input.message.body.objectCount)
    throw refusal('E_REGISTER', { detail: 'object count', fault: 'bidder' });
  return { message: input.message, header, ctx, record };
}

/**
 * Opens stage `register` under the opening rule: the outcome is the same whichever authorised set was released.
 * The CMS inside (`record.manifestCms`) is the caller's to verify; then `checkManifest`.
 * @throws DomainError `E_REGISTER_HASH`, `E_REGISTER`, `E_SUITE`, `E_CORE_MISMATCH`, `E_HOLDER_KEY`, `E_NOT_RELEASED`,
 * `E_OFFICE_HALF`, `E_BIDDER_HALF`, `E_KEY_COMMIT`, `E_RECORD`
 */
export const openRegister = (provider: CryptoProvider, input: RegisterInput): Promise<OpenedRegister> =>
  openRegisterWith(provider, input, (header, ctx) => recoverOfficeHalf(provider, header, ctx, input.released));
