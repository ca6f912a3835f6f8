export {
  formatCheckpointText,
  parseCheckpoint,
  parseCheckpointText,
  signCheckpoint,
  verifyLogSignature,
} from './checkpoint.ts';
export type { TreeHead } from './checkpoint.ts';
export { checkSuccession, parseTreeHeadJson, treeHeadJson } from './checkpoint-guard.ts';
export type { CheckpointGuard } from './checkpoint-guard.ts';
export { cosign, verifyCosignature } from './cosignature.ts';
export { commitEntry, verifyEntry } from './entry.ts';
export type { CommittedEntry, EntryBody } from './entry.ts';
export { evidenceErrorCodes } from './errors.ts';
export type { EvidenceErrorCode } from './errors.ts';
export { frontierNodes, MemoryFrontier } from './frontier.ts';
export type { NodeHash } from './frontier.ts';
export { auditTiles, planAppend, readEdge } from './log-edge.ts';
export type { LogEdge, StoredTile } from './log-edge.ts';
export { openLogWriter } from './log-writer.ts';
export type { LogBatch, LogStore, LogWriter, LogWriterDeps, PendingLeaf } from './log-writer.ts';
export { emptyRoot, HASH_LENGTH, hashLeaf, hashNode, rootOfLeafHashes } from './merkle.ts';
export type { NodeId } from './merkle.ts';
export { createNoteSigner, formatVkey, newNoteSeed, parseVkey, verifyEd25519 } from './note-key.ts';
export type { NoteSigner, NoteVerifier, SignatureKind } from './note-key.ts';
export {
  addSignatures,
  formatNote,
  formatSignatureLine,
  parseNote,
  parseSignatureLine,
  parseSignatureLines,
} from './note.ts';
export type { Note, NoteSignature } from './note.ts';
export { planConsistency, planInclusion, readProof, verifyConsistency, verifyInclusion } from './proof.ts';
export type { ConsistencyInput, InclusionInput, ProofPlan, ReadNodes } from './proof.ts';
export { issueReceipt, parseReceipt, receiptActHash, receiptBytes, RECEIPT_PURPOSE } from './receipt.ts';
export type { Receipt, ReceiptPorts, SignedReceipt } from './receipt.ts';
export { formatReceiptPackage, parseReceiptPackage, RECEIPT_PACKAGE_PURPOSE } from './receipt-package.ts';
export type { ReceiptPackage, ReceiptTick } from './receipt-package.ts';
export { requestCosignature } from './request-cosignature.ts';
export type { WitnessClientDeps } from './request-cosignature.ts';
export { buildTick, parseTickBody, TICK_DEPTH, TICK_SLOTS, tickBody, tickProof, verifyTickProof } from './tick.ts';
export type { RandomBytes, Tick, TickAct, TickPlacement } from './tick.ts';
export { TileReader } from './tile-reader.ts';
export type { TileSource } from './tile-reader.ts';
export {
  bundlePath,
  decodeBundle,
  encodeBundle,
  parseTilePath,
  TILE_HEIGHT,
  TILE_WIDTH,
  tilePath,
  tilesOfSize,
  tileWidthAt,
} from './tiles.ts';
export type { EntryBundle, Tile } from './tiles.ts';
export { verifyCheckpoint } from './verify-checkpoint.ts';
export type { CheckedCheckpoint, CheckedCosignature, WitnessPolicy } from './verify-checkpoint.ts';
export { verifyReceiptPackage } from './verify-receipt.ts';
export type { CheckedReceipt, CheckedTimestamp, ReceiptStep, ReceiptVerification } from './verify-receipt.ts';
export { formatAddCheckpoint, parseAddCheckpoint, SIZE_CONTENT_TYPE } from './witness-protocol.ts';
export type { AddCheckpoint } from './witness-protocol.ts';
