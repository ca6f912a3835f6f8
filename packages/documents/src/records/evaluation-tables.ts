import { heading, numbered, paragraph, subheading } from '../layout/blocks.ts';
import { dateTime } from '../layout/dates.ts';
import { type Flow } from '../layout/flow.ts';
import { type Column, table } from '../layout/table.ts';
import { moneyInFigures } from '../money-words.ts';
import { none, zoneOf } from './common.ts';
import { bidderOf, type EvaluationReportContent } from './evaluation-content.ts';

/** So many narrow columns fit beside a bidder's name. */
const PER_TABLE = 12;
const SIZE = 7.5;

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

function legend(flow: Flow, items: readonly { code: string; title: string; full?: string }[]): void {
  paragraph(
    flow,
    items.map(({ code, title, full }) => `${code} ${title}${full === undefined ? '' : `（${full} 分）`}`).join('；'),
    { size: 8.5 },
  );
}

const bidColumn: Column = { zh: '投标人', en: 'Bidder', weight: 4.3 };

/** Votes per item and bid, then each veto with ground, clause and evidence. */
export function qualification(flow: Flow, c: EvaluationReportContent): void {
  heading(flow, '四、资格与符合性审查', 'Qualification and compliance');
  legend(flow, c.qualification);
  paragraph(flow, '表中为“通过票数 : 不通过票数”，不通过者以“×”标明。 Votes for : against; × = failed.', { size: 8.5 });
  for (const items of chunks(c.qualification, PER_TABLE)) {
    table(flow, {
      size: SIZE,
      columns: [bidColumn, ...items.map(({ code }): Column => ({ zh: code, weight: 1, align: 'center' }))],
      rows: c.bids.map((bid, index) => [
        `${bid.number} ${bid.bidder}`,
        ...items.map(({ votes }) => {
          const vote = votes[index];
          return vote === undefined ? '—' : `${vote.pass}:${vote.fail}${vote.passed ? '' : ' ×'}`;
        }),
      ]),
    });
  }
  subheading(flow, '否决投标 Rejected bids');
  if (c.vetoes.length === 0) none(flow);
  else vetoes(flow, c);
  subheading(flow, '澄清、说明 Clarifications');
  if (c.clarifications.length === 0) return none(flow);
  table(flow, {
    columns: [
      { zh: '投标人', en: 'Bidder', weight: 2.4 },
      { zh: '评标委员会的问题', en: 'Question', weight: 3.6 },
      { zh: '投标人的书面答复', en: 'Written answer', weight: 3.8 },
    ],
    rows: c.clarifications.map((item) => [bidderOf(c, item.bid), item.question, item.answer]),
  });
}

function vetoes(flow: Flow, c: EvaluationReportContent): void {
  table(flow, {
    columns: [
      { zh: '投标人', en: 'Bidder', weight: 2.4 },
      { zh: '项目', en: 'Item', weight: 0.9 },
      { zh: '法定情形', en: 'Statutory ground', weight: 2.6 },
      { zh: '招标文件条款', en: 'Clause', weight: 1.6 },
      { zh: '证据', en: 'Evidence', weight: 2 },
      { zh: '表决', en: 'Vote', weight: 1.2 },
    ],
    rows: c.vetoes.map((veto) => [
      bidderOf(c, veto.bid),
      veto.itemCode,
      veto.ground,
      veto.clause,
      veto.evidence,
      veto.votes,
    ]),
  });
}

/** One sheet per member, columns by criterion code, in groups that fit the page. */
export function scoreSheets(flow: Flow, c: EvaluationReportContent): void {
  heading(flow, '五、各成员评分', 'Score sheets of the members');
  legend(flow, c.criteria);
  for (const sheet of c.sheets) {
    subheading(flow, `${sheet.seat}　锁定时间 ${dateTime(sheet.lockedAt, zoneOf(c.frame))}`);
    const groups = chunks(
      c.criteria.map((criterion, index) => ({ criterion, index })),
      PER_TABLE,
    );
    for (const [at, group] of groups.entries()) {
      const last = at === groups.length - 1;
      table(flow, {
        size: SIZE,
        columns: [
          bidColumn,
          ...group.map(({ criterion }): Column => ({ zh: criterion.code, weight: 1.05, align: 'right' })),
          ...(last ? [{ zh: '小计', en: 'Sum', weight: 1.2, align: 'right', face: 'bold' } satisfies Column] : []),
        ],
        rows: sheet.rows.map((row) => [
          `${row.bid} ${bidderOf(c, row.bid)}`,
          ...group.map(({ index }) => row.scores[index] ?? '—'),
          ...(last ? [row.sum] : []),
        ]),
      });
    }
  }
}

/** The benchmark's derivation, then each bid's price score. */
export function priceScores(flow: Flow, c: EvaluationReportContent): void {
  heading(flow, '六、报价评分', 'Price scores');
  numbered(flow, c.price.steps);
  table(flow, {
    columns: [
      { zh: '投标人', en: 'Bidder', weight: 4.6 },
      { zh: '评标价（元）', en: 'Evaluated price, CNY', weight: 2.4, align: 'right' },
      { zh: '偏差率', en: 'Deviation', weight: 1.6, align: 'right' },
      { zh: '报价得分', en: 'Score', weight: 1.3, align: 'right' },
    ],
    rows: c.price.rows.map((row) => [
      `${row.bid}　${bidderOf(c, row.bid)}`,
      moneyInFigures(row.evaluated),
      row.deviation,
      row.score,
    ]),
  });
}
