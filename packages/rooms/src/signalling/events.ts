import { mediaSources, roomRoles } from '../roles.ts';
import {
  bool,
  finiteNumber,
  jsonObject,
  list,
  nullable,
  object,
  oneOf,
  text,
  wholeNumber,
  type Shape,
  type ShapeOf,
} from './shape.ts';

const MAX_LIST = 64;
const id = text(/^[\w-]{1,64}$/);
const source = oneOf(...mediaSources);
const role = oneOf(...roomRoles);
const sourceState = oneOf('live', 'muted', 'ended');
const someone = nullable(id);
const empty = object({});

export const participantShape = object({
  id,
  displayName: text(),
  seat: text(/^[^\u0000-\u001f]{0,32}$/u),
  role,
  presence: oneOf('here', 'away'),
  sources: list(object({ source, state: oneOf('live', 'muted') }), mediaSources.length),
});
/** A participant as the room sees it. */
export type ParticipantView = ShapeOf<typeof participantShape>;

const recordingShape = object({ policy: bool, active: wholeNumber(0, 1000), lost: wholeNumber(0, 1000) });

export const snapshotShape = object({
  participants: list(participantShape, MAX_LIST),
  hands: list(id, MAX_LIST),
  floor: someone,
  floorPolicy: oneOf('open', 'granted'),
  recording: recordingShape,
});
/** The room at the moment of joining. */
export type RoomSnapshot = ShapeOf<typeof snapshotShape>;

const transportShape = object({
  transportId: id,
  iceParameters: jsonObject,
  iceCandidates: list(jsonObject, MAX_LIST),
  dtlsParameters: jsonObject,
});

/** Body of the answer to each request that has one; the others answer with an empty object. */
export const responseShapes = {
  join: snapshotShape,
  createTransport: transportShape,
  connectTransport: empty,
  restartIce: object({ iceParameters: jsonObject }),
  produce: object({ producerId: id, muted: bool }),
  closeProducer: empty,
  pauseProducer: empty,
  resumeProducer: empty,
  resumeConsumer: empty,
  pauseConsumer: empty,
  setPreferredLayers: empty,
  raiseHand: empty,
  lowerHand: empty,
  grantFloor: empty,
  muteParticipant: empty,
  leave: empty,
} as const satisfies Record<string, Shape<unknown>>;
export type ResponseBody<K extends keyof typeof responseShapes> = ShapeOf<(typeof responseShapes)[K]>;

/** Body of each event, server → client. */
export const eventShapes = {
  hello: object({
    version: wholeNumber(0, 1_000_000),
    you: object({ id, displayName: text(), seat: text(/^[^\u0000-\u001f]{0,32}$/u), role }),
    routerRtpCapabilities: jsonObject,
  }),
  mediaLost: empty,
  participantJoined: object({ participant: participantShape }),
  participantAway: object({ participantId: id }),
  participantLeft: object({ participantId: id }),
  roleChanged: object({ participantId: id, role }),
  sourceChanged: object({ participantId: id, source, state: sourceState, by: id }),
  newConsumer: object({
    consumerId: id,
    producerId: id,
    participantId: id,
    source,
    rtpParameters: jsonObject,
    muted: bool,
  }),
  consumerClosed: object({ consumerId: id }),
  hands: object({ hands: list(id, MAX_LIST) }),
  floor: object({ participantId: someone, by: someone }),
  speaking: object({ speakers: list(object({ participantId: id, volume: finiteNumber }), MAX_LIST) }),
  activeSpeaker: object({ participantId: someone }),
  recording: recordingShape,
  replaced: empty,
  roomClosed: object({ reason: text() }),
} as const satisfies Record<string, Shape<unknown>>;
export type EventKind = keyof typeof eventShapes;
export type EventBody<K extends EventKind> = ShapeOf<(typeof eventShapes)[K]>;
export type EventMessage = {
  readonly [K in EventKind]: { readonly type: 'event'; readonly kind: K; readonly body: EventBody<K> };
}[EventKind];

/** WebSocket close codes of this protocol (RFC 6455 section 7.4.2: 4000–4999 are private). */
export const closeCodes = {
  roomClosed: 4000,
  replaced: 4001,
  badMessage: 4002,
  left: 4003,
  tooManyMessages: 4004,
  restarting: 4005,
} as const;
