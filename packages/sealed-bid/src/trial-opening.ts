import { equalBytes, fromBase64, toHex } from '@qej/kernel';
import { bidderHalf } from './content-keys.ts';
import type { BidderDecrypter } from './bidder-decrypter.ts';
import type { HolderGroup } from './core.ts';
import { refusal } from './errors.ts';
import type { Manifest } from './manifest.ts';
import { openRegisterWith, type LotExpectation, type OpenedRegister } from './open-register.ts';
import { openStageWith, readStageHead } from './open-stage.ts';
import type { CryptoProvider } from './provider.ts';
import { openSealMessage } from './seal-message.ts';
import { derivedSecrets, type SealSecrets } from './seal-secrets.ts';
import type { ObjectSource } from './stage-reader.ts';
import { needsBidderHalf, type ContentStage, type Stage } from './stages.ts';

export interface TrialInput {
  readonly secrets: SealSecrets;
  /** h of every stage, as the sealing gave them. */
  readonly halves: ReadonlyMap<Stage, Uint8Array>;
  readonly message: Uint8Array;
  readonly manifest: Manifest;
  /** As read back from the intake. */
  readonly envelope: Uint8Array;
  readonly objects: ObjectSource;
  readonly expected: LotExpectation;
  readonly stages: ReadonlyMap<ContentStage, HolderGroup>;
  /** Needed in a joint opening. */
  readonly decrypter?: BidderDecrypter;
  /** Also read every file back and check every leaf and tag. */
  readonly readFiles: boolean;
}

function halfOf({ halves }: TrialInput, stage: Stage): Uint8Array {
  const half = halves.get(stage);
  if (half === undefined) throw refusal('E_TRIAL', { detail: `no half of stage ${stage}` });
  return half;
}

async function checkBidderWrap(
  provider: CryptoProvider,
  register: OpenedRegister,
  { secrets, decrypter }: TrialInput,
): Promise<void> {
  if (register.header.core.opening === 'group') return;
  if (decrypter === undefined)
    throw refusal('E_TRIAL', { detail: 'a joint opening needs the bidder’s encryption key' });
  const secret = await decrypter.unwrap(fromBase64(register.header.WB), register.ctx);
  if (!equalBytes(secret, await derivedSecrets.bidderSecret(provider, secrets)))
    throw refusal('E_TRIAL', { detail: 'WB holds another secret' });
}

async function checkStage(
  provider: CryptoProvider,
  register: OpenedRegister,
  input: TrialInput,
  stage: ContentStage,
): Promise<void> {
  const holders = input.stages.get(stage);
  if (holders === undefined) throw refusal('E_STAGE', { detail: `no holders for ${stage}` });
  const secret = await derivedSecrets.bidderSecret(provider, input.secrets);
  const { manifest, objects } = input;
  const half = needsBidderHalf(stage, register.header.core.opening);
  const head = await readStageHead(provider, { stage, register, holders, objects });
  const b = half ? { bidderHalf: await bidderHalf(provider, secret, head.ctx) } : {};
  const opened = await openStageWith(provider, { stage, register, manifest, holders, objects, ...b }, async () =>
    halfOf(input, stage),
  );
  if (!input.readFiles) return;
  for (const file of opened.files) {
    let length = 0;
    for await (const bytes of file.chunks()) length += bytes.length;
    if (length !== file.length) throw refusal('E_LENGTH', { params: { stage, file: file.index } });
  }
}

/**
 * After the upload, before the bidder trusts it: opens what the intake gives back with the bidder's own secrets,
 * under the very checks of the opening, so that no wrap, root or commitment can fail later. It cannot show that
 * holders will release.
 * @throws DomainError `E_TRIAL`, `E_UNWRAP` and those of `openRegister` and `openStage`
 */
export async function trialOpening(provider: CryptoProvider, input: TrialInput): Promise<void> {
  const message = await openSealMessage(provider, input.message);
  const register = await openRegisterWith(
    provider,
    { message, envelope: input.envelope, expected: input.expected },
    async () => halfOf(input, 'register'),
  );
  if (register.record.objectSeed !== toHex(await derivedSecrets.objectSeed(provider, input.secrets)))
    throw refusal('E_TRIAL', { detail: 'object seed' });
  await checkBidderWrap(provider, register, input);
  for (const { stage } of register.record.stages) await checkStage(provider, register, input, stage);
}
