export const regimes = ['mandatory-tender', 'government-procurement'] as const;
/** mandatory-tender: 依法必须招标 (Tendering Law); government-procurement: 政府采购 (Government Procurement Law). */
export type Regime = (typeof regimes)[number];

export const procedureKinds = ['one-envelope', 'two-envelope'] as const;
export type Procedure = (typeof procedureKinds)[number];

/** Stages whose content is sealed by the bidder; `register` and `committee` are the office's own stages. */
export const contentStages = ['technical', 'price'] as const;
export type ContentStage = (typeof contentStages)[number];

export const releaseStages = ['register', 'technical', 'price', 'committee'] as const;
/** A stage for which holders hold keys (SEALING: holders' keys). */
export type ReleaseStage = (typeof releaseStages)[number];

/** What the log must show before a holder may release a stage. */
export type ReleaseGate = 'closing-cosigned' | 'owners-published' | 'halves-complete' | 'technical-locked';

/** When the price stage is opened: at the opening itself, or after the technical scores are locked. */
export type PriceOpening = 'at-opening' | 'after-technical-lock';

export interface ProcedureRule {
  readonly regime: Regime;
  readonly procedure: Procedure;
  readonly stages: readonly ContentStage[];
  /** In the order in which they are released. */
  readonly releases: readonly { readonly stage: ReleaseStage; readonly gate: ReleaseGate }[];
  readonly priceOpening: PriceOpening;
  readonly disclosurePolicyId: 'mandatory-tender/1' | 'government-procurement/1';
  readonly maxCandidates: number;
  /** government procurement publishes the experts' names with the result (L3 art. 43). */
  readonly expertNamesPublished: boolean;
}

const oneEnvelope = {
  procedure: 'one-envelope',
  stages: ['technical', 'price'],
  releases: [
    { stage: 'register', gate: 'closing-cosigned' },
    { stage: 'technical', gate: 'owners-published' },
    { stage: 'price', gate: 'halves-complete' },
  ],
  priceOpening: 'at-opening',
} as const;

const twoEnvelope = {
  procedure: 'two-envelope',
  stages: ['technical', 'price'],
  releases: [
    { stage: 'register', gate: 'closing-cosigned' },
    { stage: 'technical', gate: 'owners-published' },
    { stage: 'price', gate: 'technical-locked' },
  ],
  priceOpening: 'after-technical-lock',
} as const;

const mandatoryTender = {
  regime: 'mandatory-tender',
  disclosurePolicyId: 'mandatory-tender/1',
  maxCandidates: 3,
  expertNamesPublished: false,
} as const;

const governmentProcurement = {
  regime: 'government-procurement',
  disclosurePolicyId: 'government-procurement/1',
  maxCandidates: 3,
  expertNamesPublished: true,
} as const;

/** Regime and procedure as one object: nothing else in the code asks which law a tender is under. */
export const procedures: Readonly<Record<`${Regime}/${Procedure}`, ProcedureRule>> = {
  'mandatory-tender/one-envelope': { ...mandatoryTender, ...oneEnvelope },
  'mandatory-tender/two-envelope': { ...mandatoryTender, ...twoEnvelope },
  'government-procurement/one-envelope': { ...governmentProcurement, ...oneEnvelope },
  'government-procurement/two-envelope': { ...governmentProcurement, ...twoEnvelope },
};

export const procedureOf = (notice: { readonly regime: Regime; readonly procedure: Procedure }): ProcedureRule =>
  procedures[`${notice.regime}/${notice.procedure}`];
