import { DomainError, fromBase64, instant, toHex } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { parseSignedData } from '@qej/pki';
import { checkManifest, openRegister, parseManifest, readStageHead } from '@qej/sealed-bid';
import type { ContentStage, LotExpectation, Manifest, OpenedRegister } from '@qej/sealed-bid';
import { procedureOf } from '@qej/tendering';
import type { BidOwner, Notice } from '@qej/tendering';
import type { OrganizationRecord, SealRecord } from '../records.ts';
import type { VerifiedSigner } from '../ports.ts';
import { refusalCode } from '../refusal-code.ts';
import { readSeal } from './close-lot.ts';
import { faultOf, makeFault } from './fault.ts';
import type { BidFault } from './fault.ts';
import type { DepositVerdict, OpeningPorts } from './ports.ts';
import type { StageKeys } from './release-gate.ts';

export type ContentKeys = Readonly<Record<ContentStage, StageKeys>>;

export interface LotKeys {
  readonly notice: Notice;
  readonly noticeHash: string;
  readonly lotId: string;
  readonly register: StageKeys;
  readonly content: ContentKeys;
}

/** What an owner needs to give its halves: the wrapped secret, and context and commitment of each content stage. */
export interface BidUnwrap {
  readonly wrappedSecret: string;
  readonly registerContext: string;
  readonly stages: readonly { readonly stage: string; readonly context: string; readonly halfCommit: string }[];
}

/** Kept as `register` of a bid's row. */
export interface RegisterFacts extends BidUnwrap {
  readonly opaqueId: string;
  readonly name: string;
  readonly uscc: string;
  /** Of the certificate that signed the manifest. */
  readonly fingerprint: string;
  /** Edition of the tender document that the bid answers. */
  readonly editionHash: string;
  /** As the bidder sealed it. */
  readonly deposit: Json;
  /** A content stage whose header cannot be read: it is refused as soon as content may be. */
  readonly headFault: BidFault | null;
}

/** An envelope that opened, with its owner or with the reason why it has none. */
export interface OpenedEnvelope {
  readonly seal: SealRecord;
  readonly entropy: string | null;
  readonly bid:
    | { readonly owner: BidOwner; readonly facts: RegisterFacts; readonly deposit: DepositVerdict }
    | { readonly fault: BidFault };
}

export const expectationOf = ({ notice, noticeHash, lotId, register }: LotKeys): LotExpectation => ({
  suite: notice.suite,
  noticeHash,
  lotId,
  opening: notice.openingMode,
  ...register.group,
});

/** The envelope of a live seal, opened with what holders have released. @throws DomainError of the container, with its fault */
export async function openEnvelope(ports: OpeningPorts, keys: LotKeys, seal: SealRecord): Promise<OpenedRegister> {
  const message = await readSeal(ports.provider, seal);
  const envelope = await ports.registers.get(seal.opaqueId);
  if (envelope === undefined)
    throw new DomainError('E_REGISTER_HASH', { detail: 'no envelope', params: { fault: 'platform' } });
  return openRegister(ports.provider, {
    message,
    envelope,
    expected: expectationOf(keys),
    released: keys.register.released,
  });
}

/** Signature of the manifest as of the seal's arrival, then manifest against container. */
export async function readManifest(
  ports: OpeningPorts,
  opened: OpenedRegister,
  receivedAt: number,
): Promise<{ readonly manifest: Manifest; readonly signer: VerifiedSigner }> {
  const cms = fromBase64(opened.record.manifestCms);
  const { content } = parseSignedData(cms);
  if (content === undefined) throw new DomainError('E_CMS_CONTENT', { detail: 'the manifest is not inside' });
  const signer = await ports.trust.verify({ purpose: 'qej-manifest/1', cms, at: receivedAt });
  const manifest = parseManifest(content);
  await checkManifest(ports.provider, manifest, opened, signer.certificate);
  return { manifest, signer };
}

/** By the certificate bound to an account, else by the uscc that an authority has put into it. */
const ownerOf = ({ db }: OpeningPorts, signer: VerifiedSigner): Promise<OrganizationRecord | undefined> =>
  db.read(async (tx) => {
    const bound = await tx.certificates.find({ fingerprint: signer.fingerprint });
    if (bound !== undefined) return tx.organizations.find({ id: bound.organizationId });
    return signer.uscc === '' ? undefined : tx.organizations.find({ uscc: signer.uscc });
  });

async function unwrapOf(
  ports: OpeningPorts,
  keys: LotKeys,
  register: OpenedRegister,
): Promise<{ unwrap: BidUnwrap; headFault: BidFault | null }> {
  const stages: BidUnwrap['stages'][number][] = [];
  let headFault: BidFault | null = null;
  for (const { stage } of register.record.stages) {
    try {
      const objects = (id: string) => ports.objects.get(id);
      const { header, ctx } = await readStageHead(ports.provider, {
        stage,
        register,
        holders: keys.content[stage].group,
        objects,
      });
      stages.push({ stage, context: toHex(ctx), halfCommit: header.cb });
    } catch (error) {
      headFault ??= faultOf(error, 'undetermined', stage);
    }
  }
  const unwrap = { wrappedSecret: register.header.WB, registerContext: toHex(register.ctx), stages };
  return { unwrap, headFault };
}

const missing = { zh: '未递交', en: 'not submitted' };

async function reviewDeposit(
  ports: OpeningPorts,
  claim: Parameters<OpeningPorts['deposits']['review']>[0],
): Promise<DepositVerdict> {
  try {
    return await ports.deposits.review(claim);
  } catch (error) {
    const code = refusalCode(error);
    if (code === undefined) throw error;
    return { state: 'missing', text: missing, detail: { code } };
  }
}

/** Stages that the notice asks for, in its order; a bid with others is refused. */
function requireStages({ notice }: LotKeys, { record }: OpenedRegister): void {
  const wanted = procedureOf(notice).stages.join();
  if (record.stages.map(({ stage }) => stage).join() !== wanted)
    throw new DomainError('E_STAGE', { detail: `the notice has the stages ${wanted}`, params: { fault: 'bidder' } });
}

async function readOwned(
  ports: OpeningPorts,
  keys: LotKeys,
  { seal, opened, closingAt }: { seal: SealRecord; opened: OpenedRegister; closingAt: number },
): Promise<OpenedEnvelope['bid']> {
  requireStages(keys, opened);
  const { signer } = await readManifest(ports, opened, seal.receivedAt);
  const organization = await ownerOf(ports, signer);
  if (organization === undefined) return { fault: makeFault('bidder', 'E_OWNER_UNKNOWN') };
  const { id: organizationId, name, uscc } = organization;
  const { deposit } = opened.record;
  const verdict = await reviewDeposit(ports, {
    notice: keys.notice,
    organizationId,
    uscc,
    deposit,
    closingAt: instant(closingAt),
  });
  const { unwrap, headFault } = await unwrapOf(ports, keys, opened);
  const { opaqueId } = seal;
  const { editionHash } = opened.header.core;
  const facts = { ...unwrap, opaqueId, name, uscc, fingerprint: signer.fingerprint, editionHash, deposit, headFault };
  return { owner: { organizationId, name, uscc }, facts, deposit: verdict };
}

/** Certificates and lists are the authority's matter where a list is missing or stale; everything else is the signer's. */
const signatureParty = (error: unknown): 'ca' | 'bidder' =>
  refusalCode(error)?.startsWith('E_CRL') === true ? 'ca' : 'bidder';

/** One seal of the closing set. What fails here costs this bid alone. */
export async function readRegister(
  ports: OpeningPorts,
  keys: LotKeys,
  seal: SealRecord,
  closingAt: number,
): Promise<OpenedEnvelope> {
  let opened: OpenedRegister;
  try {
    opened = await openEnvelope(ports, keys, seal);
  } catch (error) {
    return { seal, entropy: null, bid: { fault: faultOf(error, 'bidder', 'register') } };
  }
  const { entropy } = opened.record;
  try {
    return { seal, entropy, bid: await readOwned(ports, keys, { seal, opened, closingAt }) };
  } catch (error) {
    return { seal, entropy, bid: { fault: faultOf(error, signatureParty(error), 'register') } };
  }
}
