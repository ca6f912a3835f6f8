import type { Participant, RoomEvent } from '@qej/rooms';
import type { LiveRoom } from './live-room.ts';
import { isVisibleTo, viewOf } from './room-view.ts';

type Kind = RoomEvent['kind'];
type Of<K extends Kind> = Extract<RoomEvent, { kind: K }>;
type Reactions = { readonly [K in Kind]: (room: LiveRoom, event: Of<K>) => void };

function announce(room: LiveRoom, participant: Participant): void {
  room.broadcast((session) => {
    const { id } = session.participant;
    if (id !== participant.id && isVisibleTo(room.state, id, participant))
      session.send('participantJoined', { participant: viewOf(participant) });
  });
}

/** Nobody is told of the going of whom nobody was told of. */
function announceGoing(room: LiveRoom, kind: 'participantAway' | 'participantLeft', participantId: string): void {
  room.broadcast((session) => {
    if (session.participant.id !== participantId && !room.isHidden(participantId))
      session.send(kind, { participantId });
  });
}

function sourceChanged(room: LiveRoom, { participantId, source, state, by }: Of<'SourceChanged'>): void {
  const media = room.sessions.get(participantId)?.media;
  if (state === 'ended') {
    const ended = media?.stopSending(source);
    if (ended !== undefined) room.onSendingEnded(ended);
  } else {
    const sent = media?.sent.find((each) => each.source === source);
    if (sent !== undefined) room.letThrough(sent, state === 'live');
  }
  room.broadcast((session) => session.send('sourceChanged', { participantId, source, state, by }));
}

const reactions: Reactions = {
  ParticipantJoined: (room, { participant }) => announce(room, participant),
  ParticipantReturned: (room, { participant }) => announce(room, participant),
  ParticipantAway: (room, { participantId }) => announceGoing(room, 'participantAway', participantId),
  ParticipantLeft: (room, { participantId }) => announceGoing(room, 'participantLeft', participantId),
  RoleChanged: (room, { participantId, role }) => {
    const own = room.sessions.get(participantId);
    if (own !== undefined) own.participant = { ...own.participant, role };
    room.broadcast((session) => session.send('roleChanged', { participantId, role }));
  },
  SourceChanged: sourceChanged,
  HandsChanged: (room, { hands }) => room.broadcast((session) => session.send('hands', { hands })),
  FloorChanged: (room, { participantId, by }) =>
    room.broadcast((session) => session.send('floor', { participantId, by })),
  RoomClosing: (room, { reason }) => room.broadcast((session) => session.send('roomClosed', { reason })),
  RoomClosed: () => undefined,
};

/** Carries an event of the room's state out to media and to the sockets. */
export function react(room: LiveRoom, event: RoomEvent): void {
  // The table is typed per kind; TypeScript cannot relate the looked-up function to the looked-up event.
  (reactions[event.kind] as (room: LiveRoom, event: RoomEvent) => void)(room, event);
}
