import type { Instant } from '@qej/kernel';
import type { MaybeCaller } from '../ports.ts';
import type { TenderRecord } from '../records.ts';

export interface NextStep {
  readonly command: string;
  readonly text: { readonly zh: string; readonly en: string };
}

const step = (command: string, zh: string, en: string): NextStep => ({ command, text: { zh, en } });

/** Role and state → what is theirs to do. Pages of the stations say the rest (whose half, whose signature). */
const STEPS: Readonly<Record<string, Readonly<Record<string, NextStep>>>> = {
  agency: {
    draft: step(
      'freezeNotice',
      '生成招标文件并签章，然后定稿',
      'Make and sign the tender document, then freeze the notice',
    ),
    'awaiting-holders': step('publishTender', '持有人承诺齐备后发布公告', 'Publish once every holder has accepted'),
    'register-released': step(
      'startDecryption',
      '公布投标人名单，开始解密',
      'Publish the bidder list and start the window',
    ),
    decrypting: step('closeWindow', '等待投标人解密', 'Wait for the bidders'),
    'prices-open': step(
      'makeOpeningRecord',
      '确认报价，生成并签署开标记录',
      'Have prices confirmed, make and sign the opening record',
    ),
    opened: step('drawCommittee', '抽取评标专家', 'Draw the committee'),
    reported: step('publishCandidates', '公示中标候选人', 'Publish the candidates'),
    'failed-few': step('retender', '投标人少于三个，重新招标', 'Fewer than three bidders: tender again'),
    terminated: step('retender', '可以重新招标', 'May be tendered again'),
  },
  tenderee: {
    'candidates-published': step('makeAwardNotice', '公示期满后定标', 'Decide the award after the publicity'),
    awarded: step('recordContract', '登记合同', 'Record the contract'),
  },
  bidder: {
    published: step('seal', '准备并提交投标文件', 'Prepare and submit the bid'),
    decrypting: step('releaseHalf', '解密投标文件', 'Release your half'),
    'prices-open': step('confirmPrice', '确认报价', 'Confirm your price'),
    awarded: step('getMyResult', '查看得分与理由', 'See your scores and reasons'),
    contracted: step('getMyResult', '查看得分与理由', 'See your scores and reasons'),
  },
  expert: {
    'committee-drawn': step('signIn', '签到并作出承诺', 'Sign in and declare'),
    evaluating: step('workbench', '评分', 'Score'),
    scored: step('signReport', '签署评标报告', 'Sign the report'),
  },
};

/** What the caller may or must do next; undefined when it waits for others. */
export function nextStepOf(record: TenderRecord, caller: MaybeCaller, now: Instant): NextStep | undefined {
  if (caller === undefined) return undefined;
  const found = STEPS[caller.role]?.[record.state];
  if (found?.command === 'seal' && now > record.deadline) return undefined;
  return found;
}
