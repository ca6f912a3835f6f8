import { mediaSources, type RoomPermission } from '../roles.ts';
import { bool, jsonObject, nullable, object, oneOf, text, wholeNumber, type Shape, type ShapeOf } from './shape.ts';

/** Version of the messages; a client that speaks another is refused with `E_ROOM_VERSION`. */
export const signallingVersion = 1;

const id = text(/^[\w-]{1,64}$/);
const source = oneOf(...mediaSources);
const empty = object({});

/** Body of each request, client → server. */
export const requestShapes = {
  join: object({ version: wholeNumber(0, 1_000_000), rtpCapabilities: jsonObject }),
  createTransport: object({ direction: oneOf('send', 'recv') }),
  connectTransport: object({ transportId: id, dtlsParameters: jsonObject }),
  restartIce: object({ transportId: id }),
  produce: object({ transportId: id, source, rtpParameters: jsonObject, muted: bool }),
  closeProducer: object({ producerId: id }),
  pauseProducer: object({ producerId: id }),
  resumeProducer: object({ producerId: id }),
  resumeConsumer: object({ consumerId: id }),
  pauseConsumer: object({ consumerId: id }),
  setPreferredLayers: object({ consumerId: id, spatialLayer: wholeNumber(0, 7), temporalLayer: wholeNumber(0, 7) }),
  raiseHand: empty,
  lowerHand: object({ participantId: id }),
  grantFloor: object({ participantId: nullable(id) }),
  muteParticipant: object({ participantId: id, source }),
  leave: empty,
} as const satisfies Record<string, Shape<unknown>>;

export type RequestKind = keyof typeof requestShapes;
export type RequestBody<K extends RequestKind> = ShapeOf<(typeof requestShapes)[K]>;

/** Who may send a request, and whether before or after `join`. */
export const requestRules = {
  join: { permission: 'watch', phase: 'greeted' },
  createTransport: { permission: 'watch', phase: 'joined' },
  connectTransport: { permission: 'watch', phase: 'joined' },
  restartIce: { permission: 'watch', phase: 'joined' },
  produce: { permission: 'speak', phase: 'joined' },
  closeProducer: { permission: 'speak', phase: 'joined' },
  pauseProducer: { permission: 'speak', phase: 'joined' },
  resumeProducer: { permission: 'speak', phase: 'joined' },
  resumeConsumer: { permission: 'watch', phase: 'joined' },
  pauseConsumer: { permission: 'watch', phase: 'joined' },
  setPreferredLayers: { permission: 'watch', phase: 'joined' },
  raiseHand: { permission: 'raiseHand', phase: 'joined' },
  lowerHand: { permission: 'raiseHand', phase: 'joined' },
  grantFloor: { permission: 'moderate', phase: 'joined' },
  muteParticipant: { permission: 'moderate', phase: 'joined' },
  leave: { permission: 'watch', phase: 'greeted' },
} as const satisfies Record<RequestKind, { permission: RoomPermission; phase: 'greeted' | 'joined' }>;

export type RequestMessage = {
  readonly [K in RequestKind]: {
    readonly type: 'request';
    readonly id: string;
    readonly kind: K;
    readonly body: RequestBody<K>;
  };
}[RequestKind];

export const requestKinds = Object.keys(requestShapes) as readonly RequestKind[];
