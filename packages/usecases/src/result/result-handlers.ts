import { parseInstant } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import type { Handlers } from '../handlers.ts';
import { makeAwardNotice } from './award-notice.ts';
import { awardTender, recordContract, SCORE_LETTERS } from './award-tender.ts';
import { getMyResult } from './my-result.ts';
import type { ResultPorts } from './ports.ts';
import { getPublicResult } from './public-result.ts';
import { publishCandidates } from './publish-candidates.ts';
import { writeScoreLetters } from './score-letters.ts';

type Names =
  | 'publishCandidates'
  | 'makeAwardNotice'
  | 'awardTender'
  | 'recordContract'
  | 'getPublicResult'
  | 'getMyResult';

/** From the signed report to the contract. */
export function makeResultHandlers(ports: ResultPorts): Handlers<Names> {
  return {
    publishCandidates: ({ params }, context) => publishCandidates(ports, params.tenderId, context),
    makeAwardNotice: ({ params, body }, context) => makeAwardNotice(ports, { ...params, ...body }, context),
    awardTender: ({ params }, context) => awardTender(ports, params.tenderId, context),
    recordContract: ({ params, body }, context) =>
      recordContract(ports, { ...params, ...body, signedOn: parseInstant(body.signedOn) }, context),
    getPublicResult: ({ params }) => getPublicResult(ports, params.tenderId),
    getMyResult: ({ params }, { caller }) => getMyResult(ports, params.tenderId, caller),
  };
}

/** Written by this station's own enqueueJob. */
const tenderIdOf = (payload: Json): string => (payload as { readonly tenderId: string }).tenderId;

export const resultJobs = (ports: ResultPorts): Record<string, (payload: Json, now: Instant) => Promise<void>> => ({
  [SCORE_LETTERS]: (payload, now) => writeScoreLetters(ports, tenderIdOf(payload), now),
});
