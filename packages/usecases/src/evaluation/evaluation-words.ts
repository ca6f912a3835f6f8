import type { BidEvaluation, Flag, VetoGround } from '@qej/evaluation';
import type { Bilingual } from '@qej/evaluation';
import { seatOf } from './committee-course.ts';

/** The grounds of L2 art. 51 as reports and letters print them. */
export const groundWords: Readonly<Record<VetoGround, Bilingual>> = {
  'unsigned-or-unsealed': { zh: '投标文件未经盖章和签字', en: 'The bid is neither sealed nor signed' },
  'no-consortium-agreement': { zh: '投标联合体没有提交共同投标协议', en: 'No consortium agreement' },
  'unqualified-bidder': { zh: '投标人不符合规定的资格条件', en: 'The bidder is not qualified' },
  'several-bids-or-prices': { zh: '提交两个以上不同的投标文件或者报价', en: 'Several bids or prices' },
  'below-cost-or-above-ceiling': { zh: '报价低于成本或者高于最高投标限价', en: 'Below cost or above the ceiling' },
  'not-substantively-responsive': { zh: '没有对实质性要求和条件作出响应', en: 'Not substantively responsive' },
  'collusion-fraud-or-bribery': { zh: '串通投标、弄虚作假、行贿等违法行为', en: 'Collusion, fraud or bribery' },
};

const measureWords = { mean: '平均报价', 'next-lowest': '次低报价', ceiling: '最高投标限价' } as const;
const measureEnglish = { mean: 'the mean', 'next-lowest': 'the next lowest', ceiling: 'the ceiling' } as const;

/** What the committee must look at, in words. `nameOf` gives the bidder of a bid. */
export function flagWords(flag: Flag, nameOf: (bidId: string) => string): Bilingual {
  switch (flag.kind) {
    case 'abnormal-score': {
      const [seat, name, percent] = [seatOf(flag.expertId), nameOf(flag.bidId), flag.deviationPercent];
      const reason =
        flag.reason === undefined
          ? { zh: '，待书面说明', en: ', reason due' }
          : { zh: `，说明：${flag.reason}`, en: `: ${flag.reason}` };
      return {
        zh: `席位 ${seat} 对${name}的评分偏离平均 ${percent}%${reason.zh}`,
        en: `Seat ${seat} is ${percent} % off the mean for ${name}${reason.en}`,
      };
    }
    case 'objective-divergence':
      return {
        zh: `${nameOf(flag.bidId)}的客观项“${flag.criterionId}”评分不一致`,
        en: `Objective item ${flag.criterionId} differs for ${nameOf(flag.bidId)}`,
      };
    case 'low-price':
      return {
        zh: `${nameOf(flag.bidId)}的报价为${measureWords[flag.measure]}的 ${flag.sharePercent}%`,
        en: `The price of ${nameOf(flag.bidId)} is ${flag.sharePercent} % of ${measureEnglish[flag.measure]}`,
      };
    case 'few-valid-bids':
      return {
        zh: `有效投标 ${flag.count} 个，不足三个，由评标委员会判断是否明显缺乏竞争`,
        en: `Only ${flag.count} valid bids; the committee judges whether there is competition`,
      };
  }
}

export const vetoWords = ({ vetoes, stoppedAt }: BidEvaluation): Bilingual[] => [
  ...vetoes.map(({ criterionId, votes, of, grounds }) => ({
    zh: `否决（${criterionId}，${votes}/${of}）：${grounds.map((ground) => groundWords[ground].zh).join('；')}`,
    en: `Rejected (${criterionId}, ${votes}/${of}): ${grounds.map((ground) => groundWords[ground].en).join('; ')}`,
  })),
  ...(stoppedAt === undefined
    ? []
    : [{ zh: `未通过评审规则的“${stoppedAt}”`, en: `Stopped by "${stoppedAt}" of the rule` }]),
];
