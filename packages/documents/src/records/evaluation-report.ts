import { heading, notice, paragraph } from '../layout/blocks.ts';
import { dateTime } from '../layout/dates.ts';
import { finish } from '../layout/finish.ts';
import { type Flow, type RenderOptions, startFlow } from '../layout/flow.ts';
import { signatureBoxes } from '../layout/signature-boxes.ts';
import { keyValues } from '../layout/key-values.ts';
import { table } from '../layout/table.ts';
import { moneyInFigures } from '../money-words.ts';
import { none, tenderEntries, tenderTitle, zoneOf } from './common.ts';
import { bidderOf, type EvaluationReportContent } from './evaluation-content.ts';
import { priceScores, qualification, scoreSheets } from './evaluation-tables.ts';

function facts(flow: Flow, c: EvaluationReportContent): void {
  const zone = zoneOf(c.frame);
  keyValues(flow, [
    ...tenderEntries(c.tender),
    { zh: '招标人', en: 'Tenderee', value: c.tenderee },
    { zh: '招标代理机构', en: 'Agency', value: c.agency },
    { zh: '评标时间', en: 'Evaluation', value: `${dateTime(c.startedAt, zone)} 至\n${dateTime(c.endedAt, zone)}` },
    { zh: '评标办法', en: 'Method', value: c.method },
    {
      zh: '专家抽取',
      en: 'Draw of experts',
      value: `抽取编号 ${c.draw.code}，备选 ${c.draw.pool} 人，${dateTime(c.draw.drawnAt, zone)}\n随机源：${c.draw.seedSource}\n抽取记录摘要 ${c.draw.recordHash}`,
    },
  ]);
}

function result(flow: Flow, c: EvaluationReportContent): void {
  const candidates = c.ranking.filter((row) => row.candidate).sort((a, b) => a.place - b.place);
  heading(flow, '一、评标结论', 'Result');
  if (candidates.length === 0) return notice(flow, '评标委员会未推荐中标候选人。', 'warn');
  paragraph(flow, '评标委员会按照招标文件规定的标准和方法完成评审，推荐下列中标候选人：');
  table(flow, {
    columns: [
      { zh: '推荐次序', en: 'Order', weight: 1.2, align: 'center' },
      { zh: '中标候选人', en: 'Candidate', weight: 4.4 },
      { zh: '投标报价（元）', en: 'Price, CNY', weight: 2.4, align: 'right' },
      { zh: '总得分', en: 'Total', weight: 1.2, align: 'right' },
    ],
    rows: candidates.map((row) => {
      const bid = c.bids.find(({ number }) => number === row.bid);
      return [
        `第 ${row.place} 名`,
        bidderOf(c, row.bid),
        bid?.price === undefined ? '—' : moneyInFigures(bid.price),
        row.total,
      ];
    }),
  });
}

function committee(flow: Flow, c: EvaluationReportContent): void {
  heading(flow, '二、评标委员会', 'Committee');
  table(flow, {
    columns: [
      { zh: '席位', en: 'Seat', weight: 1.3 },
      { zh: '姓名', en: 'Name', weight: 1.4 },
      { zh: '单位', en: 'Organisation', weight: 3.4 },
      { zh: '专业', en: 'Specialty', weight: 2 },
      { zh: '职务', en: 'Function', weight: 1.1, align: 'center' },
      { zh: '回避声明', en: 'Declaration', weight: 2 },
    ],
    rows: c.committee.map((member) => [
      member.seat,
      member.name,
      member.organisation,
      member.specialty,
      member.chair ? '组长' : '成员',
      member.declaration,
    ]),
  });
}

function bids(flow: Flow, c: EvaluationReportContent): void {
  heading(flow, '三、投标人', 'Bids');
  table(flow, {
    columns: [
      { zh: '序号', en: 'No.', weight: 0.8 },
      { zh: '投标人', en: 'Bidder', weight: 6 },
      { zh: '投标报价（元）', en: 'Price, CNY', weight: 2.4, align: 'right' },
    ],
    rows: c.bids.map((bid) => [
      String(bid.number),
      bid.bidder,
      bid.price === undefined ? '—' : moneyInFigures(bid.price),
    ]),
  });
}

function ranking(flow: Flow, c: EvaluationReportContent): void {
  heading(flow, '七、汇总与排名', 'Summary and ranking');
  paragraph(flow, c.aggregation);
  table(flow, {
    columns: [
      { zh: '名次', en: 'Place', weight: 0.9, align: 'center' },
      { zh: '投标人', en: 'Bidder', weight: 4.6 },
      { zh: '技术商务分', en: 'Technical', weight: 1.5, align: 'right' },
      { zh: '报价分', en: 'Price', weight: 1.2, align: 'right' },
      { zh: '总分', en: 'Total', weight: 1.2, align: 'right' },
      { zh: '候选', en: 'Candidate', weight: 1.2, align: 'center' },
    ],
    rows: c.ranking.map((row) => [
      String(row.place),
      bidderOf(c, row.bid),
      row.technical,
      row.price,
      row.total,
      row.candidate ? '推荐' : '—',
    ]),
    emphasised: new Set(c.ranking.flatMap((row, index) => (row.candidate ? [index] : []))),
  });
}

function notes(flow: Flow, c: EvaluationReportContent): void {
  const sections = [
    ['八、异常评分说明', 'Abnormal scores', c.abnormalScores],
    ['九、异常低价审查', 'Abnormally low prices', c.lowPrices],
    ['十、雷同性线索', 'Clues of collusion', c.collusionClues],
  ] as const;
  for (const [zh, en, items] of sections) {
    heading(flow, zh, en);
    if (items.length === 0) none(flow);
    for (const item of items) paragraph(flow, item);
  }
  heading(flow, '十一、不同意见', 'Dissent');
  if (c.dissents.length === 0) none(flow, '全体成员无不同意见 No dissent');
  for (const dissent of c.dissents)
    paragraph(flow, `${dissent.member}（${dateTime(dissent.at, zoneOf(c.frame))}）：${dissent.text}`);
}

/** @throws DomainError `E_GLYPH_MISSING`; `E_CONTENT` when a sheet has not a score for each criterion */
export async function renderEvaluationReport(
  content: EvaluationReportContent,
  options: RenderOptions,
): Promise<Uint8Array> {
  const flow = startFlow(content.frame, { zh: '评标报告', en: 'Evaluation Report' }, options);
  tenderTitle(flow, content.tender);
  for (const part of [facts, result, committee, bids, qualification, scoreSheets, priceScores, ranking, notes])
    part(flow, content);
  heading(flow, '十二、评标委员会签署', 'Signatures of the committee');
  paragraph(
    flow,
    '以上评标报告由评标委员会全体成员签署。对评标结论持有异议的成员应当书面阐述其不同意见和理由；拒绝签字又不书面阐述的，视为同意评标结论（《招标投标法实施条例》第五十三条）。',
    { size: 9 },
  );
  signatureBoxes(flow, content.signers);
  return finish(flow);
}
