import { parseLotCriteria, parseScoringRule, ruleInWords } from '@qej/evaluation';
import type { ScoringRule } from '@qej/evaluation';
import type { TenderDocumentContent } from '@qej/documents';
import { canonicalBytes, parseInstant, parseMoney, proportion, toHex } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { rulesVersion } from '@qej/tendering';
import type { Notice } from '@qej/tendering';
import type { OrganizationRecord } from '../records.ts';
import type { TenderDraft } from './compose-notice.ts';

const PLATFORM = '青e见数字评标与电子保函平台';
const ROLES: Readonly<Record<string, string>> = {
  agency: '招标代理机构',
  'venue-witness': '场所见证',
  escrow: '平台托管',
  notary: '公证',
};

async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes)));
}

/** The rule's steps in words, one a line. */
function ruleLines(notice: Notice): readonly string[] {
  const rule = parseScoringRule(notice.scoringRule);
  return [rule.title.zh, ...Array.from(ruleInWords(rule), ([name, words]) => `${titleOf(rule, name)} = ${words.zh}`)];
}

const titleOf = (rule: ScoringRule, name: string): string =>
  rule.steps.find((step) => step.name === name)?.title.zh ?? name;

function criteriaRows(notice: Notice): TenderDocumentContent['criteria'] {
  const criteria = parseLotCriteria(notice.criteria);
  const kinds = { 'pass-fail': 'qualification', objective: 'commercial', subjective: 'technical' } as const;
  const items = criteria.items.map((item) => ({
    code: item.id,
    title: item.title.zh,
    kind: kinds[item.kind],
    ...(item.kind === 'pass-fail' ? {} : { points: decimal(item.max) }),
    rule: item.clause,
  }));
  return [
    ...items,
    { code: 'price', title: '投标报价', kind: 'price', points: decimal(criteria.priceMax), rule: '按评分规则计算' },
  ];
}

const decimal = ({ numerator, denominator }: { numerator: bigint; denominator: bigint }): string => {
  const hundredths = (numerator * 100n) / denominator;
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
};

function timetableRows(notice: Notice): TenderDocumentContent['timetable'] {
  const { timetable } = notice;
  const { numbers } = rulesVersion(notice.rulesVersion);
  const at = (text: string): Instant => parseInstant(text);
  return [
    {
      zh: '招标文件发售开始',
      en: 'Documents from',
      at: at(timetable.documentsFrom),
      basis: numbers.documentWindow.article.zh,
    },
    { zh: '提问截止', en: 'Questions until', at: at(timetable.questionsUntil) },
    {
      zh: '异议截止',
      en: 'Objections until',
      at: at(timetable.objectionsUntil),
      basis: numbers.objectionBeforeDeadline.article.zh,
    },
    {
      zh: '投标截止与开标',
      en: 'Deadline and opening',
      at: at(timetable.deadline.at),
      basis: numbers.issueToDeadline.article.zh,
    },
  ];
}

/** The content of the tender document that a draft's notice gives. */
export async function tenderDocumentContent(
  draft: TenderDraft,
  notice: Notice,
  parties: { readonly tenderee: OrganizationRecord; readonly agency: OrganizationRecord; readonly now: Instant },
): Promise<TenderDocumentContent> {
  const [lot] = notice.lots;
  if (lot === undefined) throw new Error('a notice has at least one lot');
  const { document: _document, ...data } = notice;
  const estimate = parseMoney(lot.estimate);
  return {
    frame: {
      code: `${notice.code}-ZB-01`,
      platform: PLATFORM,
      issuedAt: parties.now,
      dataHash: await sha256Hex(canonicalBytes(data)),
      zone: notice.timetable.deadline.zone,
    },
    tender: {
      code: notice.code,
      name: notice.title.zh,
      lotCode: String(lot.no).padStart(2, '0'),
      lotName: lot.name.zh,
    },
    edition: 1,
    tenderee: { name: parties.tenderee.name, address: parties.tenderee.address, contact: parties.tenderee.uscc },
    agency: { name: parties.agency.name, address: parties.agency.address, contact: parties.agency.uscc },
    notice: [
      {
        zh: '招标范围与说明',
        en: 'Scope',
        paragraphs: draft.description.split(/\n+/).filter((text) => text.trim() !== ''),
      },
    ],
    lots: [
      {
        code: String(lot.no).padStart(2, '0'),
        name: lot.name.zh,
        scope: lot.name.zh,
        estimate,
        ...(lot.ceilingPrice === null ? {} : { ceiling: parseMoney(lot.ceilingPrice) }),
      },
    ],
    bidValidityDays: notice.timetable.bidValidityDays,
    timetable: timetableRows(notice),
    criteria: criteriaRows(notice),
    scoringRule: ruleLines(notice),
    deposit: {
      amount: proportion(estimate, draft.deposit.rateBasisPoints, 'down'),
      forms: ['信用减免（承诺）', '银行电子保函'],
      creditRule: [
        `减免比例按政策 ${draft.deposit.creditPolicy}（演示政策，非任何地区的规定）由投标人端计算，随投标文件密封，开标时由平台复算。`,
      ],
    },
    holders: notice.holders.map(({ holderId, role, name }) => ({
      name: name.zh,
      role: ROLES[role] ?? role,
      set: notice.sets
        .flatMap((set, i) =>
          set.includes(notice.holders.findIndex((one) => one.holderId === holderId)) ? [String(i + 1)] : [],
        )
        .join('、'),
      keyFingerprint: holderId,
    })),
    accessStructure: notice.sets
      .map((set, i) => `组合 ${i + 1}：${set.map((index) => notice.holders[index]?.name.zh ?? '').join(' ＋ ')}`)
      .join('；'),
    attachments: notice.attachments.map(({ name, length, sha256 }) => ({ name, bytes: length, sha256 })),
    rulesVersion: rulesVersion(notice.rulesVersion).label.zh,
  };
}
