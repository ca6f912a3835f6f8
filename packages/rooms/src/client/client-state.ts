import type { ParticipantInfo } from '../room-state.ts';
import type { EventBody, EventMessage, ParticipantView, RoomSnapshot } from '../signalling/events.ts';

/** `reconnecting`: the socket or the media worker was lost; it goes on by itself. */
export type Connection = 'idle' | 'connecting' | 'joined' | 'reconnecting' | 'closed';
export type ClosedBecause = 'left' | 'roomClosed' | 'replaced' | 'protocol' | 'refused' | 'unreachable';

/** Everything a screen shows of a room; a new object at each change. */
export interface ClientState extends RoomSnapshot {
  readonly connection: Connection;
  readonly closedBecause: ClosedBecause | undefined;
  /** What the server said when it closed the room. */
  readonly closingReason: string | undefined;
  readonly you: ParticipantInfo | undefined;
  readonly speakers: EventBody<'speaking'>['speakers'];
  readonly activeSpeaker: string | null;
}

export const initialClientState: ClientState = {
  connection: 'idle',
  closedBecause: undefined,
  closingReason: undefined,
  you: undefined,
  participants: [],
  hands: [],
  floor: null,
  floorPolicy: 'open',
  recording: { policy: false, active: 0, lost: 0 },
  speakers: [],
  activeSpeaker: null,
};

type Of<K extends EventMessage['kind']> = EventBody<K>;
type Reducers = { readonly [K in EventMessage['kind']]: (state: ClientState, body: Of<K>) => ClientState };

const change = (
  state: ClientState,
  id: string,
  by: (participant: ParticipantView) => ParticipantView,
): ClientState => ({
  ...state,
  participants: state.participants.map((each) => (each.id === id ? by(each) : each)),
});

const unchanged = (state: ClientState): ClientState => state;

const reducers: Reducers = {
  hello: (state, { you }) => ({ ...state, you }),
  mediaLost: (state) => ({ ...state, connection: 'reconnecting', speakers: [], activeSpeaker: null }),
  participantJoined: (state, { participant }) => ({
    ...state,
    participants: [...state.participants.filter(({ id }) => id !== participant.id), participant],
  }),
  participantAway: (state, { participantId }) =>
    change(state, participantId, (each) => ({ ...each, presence: 'away' })),
  participantLeft: (state, { participantId }) => ({
    ...state,
    participants: state.participants.filter(({ id }) => id !== participantId),
  }),
  roleChanged: (state, { participantId, role }) => {
    const you = state.you?.id === participantId ? { ...state.you, role } : state.you;
    return change({ ...state, you }, participantId, (each) => ({ ...each, role }));
  },
  sourceChanged: (state, { participantId, source, state: sourceState }) =>
    change(state, participantId, (each) => {
      const others = each.sources.filter((sent) => sent.source !== source);
      return { ...each, sources: sourceState === 'ended' ? others : [...others, { source, state: sourceState }] };
    }),
  newConsumer: unchanged,
  consumerClosed: unchanged,
  hands: (state, { hands }) => ({ ...state, hands }),
  floor: (state, { participantId }) => ({ ...state, floor: participantId }),
  speaking: (state, { speakers }) => ({ ...state, speakers }),
  activeSpeaker: (state, { participantId }) => ({ ...state, activeSpeaker: participantId }),
  recording: (state, recording) => ({ ...state, recording }),
  replaced: unchanged,
  roomClosed: (state, { reason }) => ({ ...state, closingReason: reason }),
};

/** The state after one event of the server. */
export function reduceClientState(state: ClientState, message: EventMessage): ClientState {
  // The table is typed per kind; TypeScript cannot relate the looked-up function to the looked-up body.
  return (reducers[message.kind] as (state: ClientState, body: unknown) => ClientState)(state, message.body);
}
