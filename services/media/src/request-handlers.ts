import { roomError, signallingVersion } from '@qej/rooms';
import type { RequestBody, RequestKind, RequestMessage, ResponseBody, RoomSnapshot } from '@qej/rooms';
import type { WebRtcTransport } from 'mediasoup/types';
import type { LiveRoom } from './live-room.ts';
import type { PeerMedia } from './peer-media.ts';
import type { Session } from './session.ts';

interface Context {
  readonly room: LiveRoom;
  readonly session: Session;
  readonly me: string;
  /** Of the joined participant. @throws DomainError `E_ROOM_PHASE` */
  media(): PeerMedia;
}

type Handlers = {
  readonly [K in RequestKind]: (context: Context, body: RequestBody<K>) => ResponseBody<K> | Promise<ResponseBody<K>>;
};

const done = {};

/** mediasoup's classes of plain data, as the JSON that they are on the wire. */
const plain = (value: object): Readonly<Record<string, unknown>> => ({ ...value });

const describe = (transport: WebRtcTransport): ResponseBody<'createTransport'> => ({
  transportId: transport.id,
  iceParameters: plain(transport.iceParameters),
  iceCandidates: transport.iceCandidates.map(plain),
  dtlsParameters: plain(transport.dtlsParameters),
});

function join({ room, session }: Context, { version, rtpCapabilities }: RequestBody<'join'>): RoomSnapshot {
  if (version !== signallingVersion) throw roomError('E_ROOM_VERSION', undefined, { supported: signallingVersion });
  return room.join(session, rtpCapabilities);
}

async function produce({ room, me, media }: Context, body: RequestBody<'produce'>): Promise<ResponseBody<'produce'>> {
  const { source } = body;
  // The decision first: it is synchronous, so that two people cannot both take the screen.
  room.apply({ kind: 'startSource', participantId: me, source, muted: body.muted });
  try {
    const sent = await media().produce(body.transportId, me, source, body.rtpParameters);
    const muted = room.onSent(sent);
    return { producerId: sent.producer.id, muted };
  } catch (error) {
    if (room.state.status !== 'closed') room.apply({ kind: 'stopSource', participantId: me, source });
    throw error;
  }
}

const setMuted = ({ room, me, media }: Context, producerId: string, muted: boolean): Record<string, never> => {
  room.apply({ kind: 'setMuted', by: me, participantId: me, source: media().getSent(producerId).source, muted });
  return done;
};

const handlers: Handlers = {
  join,
  createTransport: async ({ room, session, media }, { direction }) => {
    const transport = await media().createTransport(direction);
    if (direction === 'recv') session.afterAnswer(() => room.offerAll(session));
    return describe(transport);
  },
  connectTransport: async ({ media }, body) => {
    await media().connectTransport(body.transportId, body.dtlsParameters);
    return done;
  },
  restartIce: async ({ media }, { transportId }) => ({
    iceParameters: plain(await media().transport(transportId).restartIce()),
  }),
  produce,
  closeProducer: ({ room, me, media }, { producerId }) => {
    room.apply({ kind: 'stopSource', participantId: me, source: media().getSent(producerId).source });
    return done;
  },
  pauseProducer: (context, { producerId }) => setMuted(context, producerId, true),
  resumeProducer: (context, { producerId }) => setMuted(context, producerId, false),
  resumeConsumer: async ({ room, media }, { consumerId }) => {
    await media().setWanted(consumerId, true, room.isMuted);
    return done;
  },
  pauseConsumer: async ({ room, media }, { consumerId }) => {
    await media().setWanted(consumerId, false, room.isMuted);
    return done;
  },
  setPreferredLayers: async ({ media }, { consumerId, spatialLayer, temporalLayer }) => {
    await media().setPreferredLayers(consumerId, spatialLayer, temporalLayer);
    return done;
  },
  raiseHand: ({ room, me }) => {
    room.apply({ kind: 'raiseHand', participantId: me });
    return done;
  },
  lowerHand: ({ room, me }, { participantId }) => {
    room.apply({ kind: 'lowerHand', by: me, participantId });
    return done;
  },
  grantFloor: ({ room, me }, { participantId }) => {
    room.apply({ kind: 'grantFloor', by: me, participantId });
    return done;
  },
  muteParticipant: ({ room, me }, { participantId, source }) => {
    room.apply({ kind: 'setMuted', by: me, participantId, source, muted: true });
    return done;
  },
  leave: ({ room, session }) => {
    session.afterAnswer(() => {
      room.leave(session);
      session.close('left');
    });
    return done;
  },
};

/** Carries out one request; who may send it was checked before (`requestRules`). */
export async function handleRequest(room: LiveRoom, session: Session, request: RequestMessage): Promise<unknown> {
  const media = (): PeerMedia => {
    if (session.media === undefined) throw roomError('E_ROOM_PHASE', 'join first');
    return session.media;
  };
  const context: Context = { room, session, me: session.participant.id, media };
  // The table is typed per kind; TypeScript cannot relate the looked-up function to the looked-up body.
  return (handlers[request.kind] as (context: Context, body: unknown) => unknown)(context, request.body);
}
