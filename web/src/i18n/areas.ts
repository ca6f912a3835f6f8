import { agency } from './agency.ts';
import { bank } from './bank.ts';
import { bidder } from './bidder.ts';
import { committee } from './committee.ts';
import { common } from './common.ts';
import { evidence } from './evidence.ts';
import { expert } from './expert.ts';
import { hall } from './hall.ts';
import { identity } from './identity.ts';
import { operator } from './operator.ts';
import { portal } from './portal.ts';
import { result } from './result.ts';
import { supervisor } from './supervisor.ts';

/** One file per area; Chinese is the original, English has equal keys (`const en: typeof zh`). */
export const areas = {
  agency,
  bank,
  bidder,
  committee,
  common,
  evidence,
  expert,
  hall,
  identity,
  operator,
  portal,
  result,
  supervisor,
};
type Areas = typeof areas;
export type MessageKey = { [A in keyof Areas]: `${A}.${keyof Areas[A]['zh'] & string}` }[keyof Areas];
