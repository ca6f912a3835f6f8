import type { Input, intakeApi, Output } from '@qej/contract';
import { fromBase64 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { IntakePorts } from './ports.ts';
import { putSeal } from './put-seal.ts';
import { findReceipt } from './seal-receipt.ts';
import { readUpload, storeUpload } from './store-upload.ts';
import { openUploadSession } from './upload-session.ts';

type Api = typeof intakeApi;
/** Handlers of the intake's own origin: nobody calls, only time is known. */
export type IntakeHandlers = {
  readonly [Name in keyof Api]: (
    input: Input<Api[Name]>,
    context: { readonly now: Instant },
  ) => Promise<Output<Api[Name]>>;
};

/** The blind door: tokens in, equal objects, seals, receipts. */
export function makeIntakeHandlers(ports: IntakePorts): IntakeHandlers {
  return {
    openUploadSession: ({ body }, { now }) => openUploadSession(ports, fromBase64(body.token), now),
    putObject: async ({ params, query, bytes }, { now }) => ({
      sha256: await storeUpload(ports, { kind: 'objects', id: params.objectId, session: query.session, bytes }, now),
    }),
    getObject: ({ params, query }, { now }) =>
      readUpload(ports, { kind: 'objects', id: params.objectId, session: query.session }, now),
    putRegister: async ({ params, query, bytes }, { now }) => ({
      sha256: await storeUpload(ports, { kind: 'registers', id: params.opaqueId, session: query.session, bytes }, now),
    }),
    getRegister: ({ params, query }, { now }) =>
      readUpload(ports, { kind: 'registers', id: params.opaqueId, session: query.session }, now),
    putSeal: async ({ bytes }, { now }) => ({ receipt: await putSeal(ports, bytes, now) }),
    getSealReceipt: ({ params }) => findReceipt(ports, params.messageHash),
  };
}
