import { vetoGrounds } from '@qej/evaluation';
import type { VetoGround } from '@qej/evaluation';
import type { Bilingual } from '../../api/views.ts';
import type { MessageKey } from '../../i18n/index.ts';

const words: Readonly<Record<string, MessageKey>> = {
  called: 'expert.stateCalled',
  accepted: 'expert.stateAccepted',
  declined: 'expert.stateDeclined',
  'signed-in': 'expert.stateSignedIn',
  declared: 'expert.stateDeclared',
  recused: 'expert.stateRecused',
  released: 'expert.stateReleased',
};
export const seatWords = (state: string): MessageKey => words[state] ?? 'expert.state';

/** The seven grounds of the Regulation, art. 51, in its own words. */
const groundWords: Readonly<Record<VetoGround, Bilingual>> = {
  'unsigned-or-unsealed': { zh: '投标文件未经盖章和签字', en: 'The bid is neither sealed nor signed' },
  'no-consortium-agreement': { zh: '投标联合体没有提交共同投标协议', en: 'No consortium agreement' },
  'unqualified-bidder': { zh: '投标人不符合规定的资格条件', en: 'The bidder is not qualified' },
  'several-bids-or-prices': { zh: '提交两个以上不同的投标文件或者报价', en: 'Several bids or prices' },
  'below-cost-or-above-ceiling': { zh: '报价低于成本或者高于最高投标限价', en: 'Below cost or above the ceiling' },
  'not-substantively-responsive': { zh: '没有对实质性要求和条件作出响应', en: 'Not substantively responsive' },
  'collusion-fraud-or-bribery': { zh: '串通投标、弄虚作假、行贿等违法行为', en: 'Collusion, fraud or bribery' },
};
export const grounds = vetoGrounds.map((id) => ({ id, words: groundWords[id] }));
