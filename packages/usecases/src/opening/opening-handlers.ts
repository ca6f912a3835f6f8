import type { Handlers } from '../handlers.ts';
import { findReceipt } from '../intake/seal-receipt.ts';
import type { MaybeCaller } from '../ports.ts';
import type { Instant } from '@qej/kernel';
import { answerBidder, confirmBidFault, confirmOwnPrice } from './confirmation.ts';
import { closeHalves, giveHalves, startLotDecryption } from './decryption.ts';
import type { Hall } from './hall-view.ts';
import { viewHall } from './hall-view.ts';
import { finishLotOpening, makeLotRecord } from './opening-record.ts';
import type { OpeningPorts } from './ports.ts';

type Names =
  | 'getHall'
  | 'startDecryption'
  | 'releaseHalf'
  | 'closeWindow'
  | 'confirmPrice'
  | 'answerObjection'
  | 'confirmFault'
  | 'makeOpeningRecord'
  | 'finishOpening'
  | 'getReceipt';

/** The opening hall. Each command answers with the hall as its caller sees it. */
export function makeOpeningHandlers(ports: OpeningPorts): Handlers<Names> {
  const show = (tenderId: string, { caller, now }: { caller: MaybeCaller; now: Instant }): Promise<Hall> =>
    ports.db.read(async (tx) => viewHall(tx, await tx.tenders.get({ id: tenderId }), caller, now));
  const after = async (
    tenderId: string,
    context: { caller: MaybeCaller; now: Instant },
    done: Promise<void>,
  ): Promise<Hall> => {
    await done;
    ports.live.publish({ tenderId, topic: 'hall' });
    return show(tenderId, context);
  };
  return {
    getHall: ({ params }, context) => show(params.tenderId, context),
    startDecryption: ({ params }, context) =>
      after(params.tenderId, context, startLotDecryption(ports, params.tenderId, context)),
    releaseHalf: ({ params, body }, context) =>
      after(params.tenderId, context, giveHalves(ports, params, body.halves, context)),
    closeWindow: ({ params }, context) => after(params.tenderId, context, closeHalves(ports, params.tenderId, context)),
    confirmPrice: ({ params, body }, context) =>
      after(params.tenderId, context, confirmOwnPrice(ports, params, body, context)),
    answerObjection: ({ params, body }, context) =>
      after(params.tenderId, context, answerBidder(ports, params, body.answer, context)),
    confirmFault: ({ params }, context) => after(params.tenderId, context, confirmBidFault(ports, params, context)),
    makeOpeningRecord: ({ params }, context) =>
      after(params.tenderId, context, makeLotRecord(ports, params.tenderId, context)),
    finishOpening: ({ params }, context) =>
      after(params.tenderId, context, finishLotOpening(ports, params.tenderId, context)),
    getReceipt: async ({ params }) => ({ receipt: (await findReceipt(ports, params.messageHash)).receipt }),
  };
}
