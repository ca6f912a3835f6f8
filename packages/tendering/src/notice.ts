import { canonicalBytes, parseCanonical } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import type { HolderRole, NoticeHolder } from './holders.ts';
import { holderRoles } from './holders.ts';
import type { Procedure, Regime, ContentStage } from './procedures.ts';
import { contentStages, procedureKinds, regimes } from './procedures.ts';
import type { RulesVersionId } from './rules-version.ts';
import { rulesVersionIds } from './rules-version.ts';
import {
  decimal,
  flag,
  hash,
  id,
  instantText,
  integer,
  json,
  list,
  moneyText,
  nullable,
  object,
  oneOf,
  text,
} from './shape.ts';

/** What a person reads; Chinese is the legal text. */
export interface LocalText {
  readonly zh: string;
  readonly en: string;
}

export interface Party {
  readonly organizationId: string;
  readonly name: string;
  /** 统一社会信用代码, GB 32100. */
  readonly uscc: string;
}

export interface NoticeLot {
  readonly lotId: string;
  readonly no: number;
  readonly name: LocalText;
  /** 招标项目估算价 (or budget), decimal CNY. The deposit is computed from it (L2 art. 26). */
  readonly estimate: string;
  /** 最高投标限价, decimal CNY, or null when the tender has none. */
  readonly ceilingPrice: string | null;
}

/** A legal deadline: wall time and IANA zone, resolved once; all three are stored. */
export interface Deadline {
  /** `YYYY-MM-DDThh:mm` or `YYYY-MM-DDThh:mm:ss`, on the wall of `zone`. */
  readonly wall: string;
  readonly zone: string;
  /** What the wall time was resolved to, RFC 3339 UTC. */
  readonly at: string;
}

/** Instants are RFC 3339 UTC; "days" are days of the rules version (calendar days by law, seconds under `demo`). */
export interface Timetable {
  /** Documents can be downloaded from … until (L2 art. 16). */
  readonly documentsFrom: string;
  readonly documentsUntil: string;
  /** Last moment for questions about the tender document. */
  readonly questionsUntil: string;
  /** Last moment for objections to the tender document (L2 art. 22). */
  readonly objectionsUntil: string;
  readonly deadline: Deadline;
  readonly bidValidityDays: number;
  readonly decryptionWindowMs: number;
  readonly confirmationWindowMs: number;
  readonly publicityDays: number;
  readonly contractDays: number;
}

export interface QualificationItem {
  readonly itemId: string;
  readonly name: LocalText;
  /** The clause of the tender document that a veto must cite. */
  readonly clause: string;
}

export interface CommitteeRule {
  readonly size: number;
  /** Seats for technical and economic experts drawn from the pool; the rest are the tenderee's representatives. */
  readonly expertSeats: number;
  readonly reserves: number;
  readonly quotas: readonly { readonly specialty: string; readonly seats: number }[];
  readonly filters: {
    /** Empty = every region. */
    readonly regions: readonly string[];
    readonly excludedUsccs: readonly string[];
    /** At most this many committees in the last 30 days; null = no limit. */
    readonly maxRecentCommittees: number | null;
  };
}

/** Range of the coefficient drawn at the opening; decimals as strings. */
export interface CoefficientRange {
  readonly from: string;
  readonly to: string;
  readonly step: string;
}

export interface FileReference {
  readonly name: string;
  readonly mediaType: string;
  readonly length: number;
  readonly sha256: string;
}

/**
 * The notice (招标公告 with the rules of its tender), version 1. Its canonical bytes are hashed to `noticeHash`, to which
 * holders' acceptances and sealed bids bind. Format: docs/formats/notice.md.
 */
export interface Notice {
  readonly v: 1;
  readonly tenderId: string;
  /** 招标编号, chosen by the agency. */
  readonly code: string;
  readonly title: LocalText;
  readonly rulesVersion: RulesVersionId;
  readonly regime: Regime;
  readonly procedure: Procedure;
  readonly category: ProcurementCategory;
  readonly suite: 'intl';
  /** joint: the bidder's half is needed too. group: a holder set alone opens. */
  readonly openingMode: OpeningMode;
  readonly tenderee: Party;
  /** The tenderee itself where it tenders without an agency. */
  readonly agency: Party;
  readonly lots: readonly NoticeLot[];
  readonly timetable: Timetable;
  readonly stages: readonly ContentStage[];
  readonly holders: readonly NoticeHolder[];
  /** Authorised sets: sorted indices into `holders`; the list itself is sorted. */
  readonly sets: readonly (readonly number[])[];
  readonly qualifications: readonly QualificationItem[];
  /** Schema owned by the evaluation package. */
  readonly criteria: Json;
  /** Schema owned by the evaluation package. */
  readonly scoringRule: Json;
  /** Schema owned by the deposits package. */
  readonly deposit: Json;
  readonly committee: CommitteeRule;
  readonly coefficient: CoefficientRange | null;
  readonly document: FileReference;
  readonly attachments: readonly FileReference[];
  readonly consortiumAllowed: boolean;
  /** The failed or terminated tender that this one repeats. */
  readonly retenderOf: string | null;
}

export const procurementCategories = ['works', 'goods', 'services', 'survey-design'] as const;
export type ProcurementCategory = (typeof procurementCategories)[number];

export const openingModes = ['joint', 'group'] as const;
export type OpeningMode = (typeof openingModes)[number];

const localText = object<LocalText>({ zh: text(2000), en: text(2000) });
const party = object<Party>({ organizationId: id, name: text(200), uscc: text(18, 18) });
const file = object<FileReference>({ name: text(200), mediaType: text(100), length: integer(1), sha256: hash });

const readNotice = object<Notice>({
  v: oneOf([1]),
  tenderId: id,
  code: text(80),
  title: localText,
  rulesVersion: oneOf(rulesVersionIds),
  regime: oneOf(regimes),
  procedure: oneOf(procedureKinds),
  category: oneOf(procurementCategories),
  suite: oneOf(['intl']),
  openingMode: oneOf(openingModes),
  tenderee: party,
  agency: party,
  lots: list(
    object<NoticeLot>({
      lotId: id,
      no: integer(1, 999),
      name: localText,
      estimate: moneyText,
      ceilingPrice: nullable(moneyText),
    }),
    1,
    100,
  ),
  timetable: object<Timetable>({
    documentsFrom: instantText,
    documentsUntil: instantText,
    questionsUntil: instantText,
    objectionsUntil: instantText,
    deadline: object<Deadline>({ wall: text(19, 16), zone: text(64), at: instantText }),
    bidValidityDays: integer(1, 3650),
    decryptionWindowMs: integer(1000, 86_400_000),
    confirmationWindowMs: integer(1000, 86_400_000),
    publicityDays: integer(1, 365),
    contractDays: integer(1, 3650),
  }),
  stages: list(oneOf(contentStages), 1, contentStages.length),
  holders: list(object<NoticeHolder>({ holderId: id, role: oneOf<HolderRole>(holderRoles), name: localText }), 2, 16),
  sets: list(list(integer(0, 15), 1, 16), 1, 64),
  qualifications: list(object<QualificationItem>({ itemId: id, name: localText, clause: text(200) }), 0, 200),
  criteria: json,
  scoringRule: json,
  deposit: json,
  committee: object<CommitteeRule>({
    size: integer(1, 99),
    expertSeats: integer(0, 99),
    reserves: integer(0, 99),
    quotas: list(object<CommitteeRule['quotas'][number]>({ specialty: text(80), seats: integer(1, 99) }), 0, 40),
    filters: object<CommitteeRule['filters']>({
      regions: list(text(80), 0, 100),
      excludedUsccs: list(text(18, 18), 0, 1000),
      maxRecentCommittees: nullable(integer(0, 1000)),
    }),
  }),
  coefficient: nullable(object<CoefficientRange>({ from: decimal, to: decimal, step: decimal })),
  document: file,
  attachments: list(file, 0, 100),
  consortiumAllowed: flag,
  retenderOf: nullable(id),
});

/** @throws DomainError `E_FORMAT` for a missing or unknown member, another version, a value out of its range. */
export const readNoticeJson = (value: unknown): Notice => readNotice(value, 'notice');

/** The bytes that are signed and hashed. */
export const encodeNotice = (notice: Notice): Uint8Array<ArrayBuffer> => canonicalBytes(readNoticeJson(notice));

/** @throws DomainError `E_FORMAT` unless the bytes are a canonical notice of version 1. */
export const decodeNotice = (bytes: Uint8Array): Notice => readNoticeJson(parseCanonical(bytes));
