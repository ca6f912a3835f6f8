export { scalarDecrypter, webCryptoDecrypter } from './bidder-decrypter.ts';
export type { BidderDecrypter } from './bidder-decrypter.ts';
export { blobSource, bytesSource } from './byte-source.ts';
export type { ByteSource } from './byte-source.ts';
export {
  checkClosingProof,
  closingEntryOf,
  closingLeaf,
  closingOrder,
  closingProof,
  closingRoot,
  standingSeal,
} from './closing-set.ts';
export type { ClosingEntry, ClosingProof } from './closing-set.ts';
export { bidderCommit, bidderHalf } from './content-keys.ts';
export { checkHolderGroup } from './core.ts';
export type { Core, HolderGroup, HolderKey } from './core.ts';
export { entropySeed } from './entropy.ts';
export type { DrawContext } from './entropy.ts';
export { sealedBidErrorCodes } from './errors.ts';
export type { Fault, SealedBidErrorCode } from './errors.ts';
export type { Header } from './header.ts';
export {
  checkRelease,
  holderGroupOf,
  makeAcceptance,
  makeRelease,
  newHolderScalar,
  openAcceptance,
  parseRelease,
} from './holder.ts';
export type { Acceptance, Release, SignedAcceptance } from './holder.ts';
export { checkManifest, parseManifest } from './manifest.ts';
export type { Manifest, ManifestContext } from './manifest.ts';
export { OBJECT_LENGTH } from './objects.ts';
export type { ReleasedKeys } from './office-half.ts';
export { openRegister } from './open-register.ts';
export type { LotExpectation, OpenedRegister, RegisterInput } from './open-register.ts';
export { openStage, paddingOf, readStageHead } from './open-stage.ts';
export type { OpenedFile, OpenedStage, StageHead, StageInput } from './open-stage.ts';
export type { Primitives } from './primitives.ts';
export { suites } from './provider.ts';
export type { ChunkPosition, CryptoProvider, SuiteId } from './provider.ts';
export type { FilePart, RegisterRecord, StageExtent, StageRecord } from './record.ts';
export { REGISTER_LENGTH, registerHashOf } from './register-envelope.ts';
export { parseRescue, rescueHalf } from './rescue.ts';
export type { RescueFile } from './rescue.ts';
export { prepareSealing } from './seal-bid.ts';
export type { ObjectOptions, SealedBid, SealedObject, Sealing, SealJournal } from './seal-bid.ts';
export type { SealFile, SealInput, SealStage } from './seal-input.ts';
export {
  checkSuccession,
  encodeSealMessage,
  openSealMessage,
  SEAL_MESSAGE_LENGTH,
  withdrawalOf,
} from './seal-message.ts';
export type { SealBody, SealMessage } from './seal-message.ts';
export { newSealSecrets } from './seal-secrets.ts';
export type { SealSecrets } from './seal-secrets.ts';
export { openMessage, sealMessage } from './sealed-message.ts';
export type { MessageContext } from './sealed-message.ts';
export { checkPadding } from './stage-reader.ts';
export type { ObjectSource } from './stage-reader.ts';
export { checkContentStages, contentStages, needsBidderHalf, openingModes, stages } from './stages.ts';
export type { ContentStage, OpeningMode, Stage } from './stages.ts';
export { trialOpening } from './trial-opening.ts';
export type { TrialInput } from './trial-opening.ts';
export { webCryptoProvider } from './web-provider.ts';
