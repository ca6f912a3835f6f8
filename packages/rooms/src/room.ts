import { advance, type Instant } from '@qej/kernel';
import { roomError } from './error-codes.ts';
import { mayInRoom, requirePermission, type MediaSource } from './roles.ts';
import {
  roomTransitions,
  type Participant,
  type RoomCommand,
  type RoomDecision,
  type RoomEvent,
  type RoomState,
  type RoomStatus,
  type RoomTransition,
  type SourceState,
} from './room-state.ts';

type Kind = RoomCommand['kind'];
type Of<K extends Kind> = Extract<RoomCommand, { kind: K }>;
type Decisions = { readonly [K in Kind]: (state: RoomState, command: Of<K>, now: Instant) => RoomDecision };

/** The participant in the room. @throws DomainError `E_ROOM_PARTICIPANT` */
export function getParticipant(state: RoomState, id: string): Participant {
  const participant = state.participants.find((each) => each.id === id);
  if (participant === undefined) throw roomError('E_ROOM_PARTICIPANT', 'not in this room');
  return participant;
}

const replace = (state: RoomState, changed: Participant): RoomState => ({
  ...state,
  participants: state.participants.map((each) => (each.id === changed.id ? changed : each)),
});

const without = (ids: readonly string[], id: string | null): readonly string[] => ids.filter((each) => each !== id);

/** Whether others may hear this participant's microphone now. */
export const mayBeHeard = (state: RoomState, participant: Participant): boolean =>
  mayInRoom(participant.role, 'speak') &&
  (state.policy.floor === 'open' || mayInRoom(participant.role, 'moderate') || state.floor === participant.id);

const sourceChanged = (
  participantId: string,
  source: MediaSource,
  state: SourceState | 'ended',
  by: string,
): RoomEvent => ({ kind: 'SourceChanged', participantId, source, state, by });

/** Takes hand and floor from somebody who is going or losing the right to speak. */
function release(state: RoomState, participantId: string): RoomDecision {
  const events: RoomEvent[] = [];
  let next = state;
  if (next.hands.includes(participantId)) {
    next = { ...next, hands: without(next.hands, participantId) };
    events.push({ kind: 'HandsChanged', hands: next.hands });
  }
  if (next.floor === participantId) {
    next = { ...next, floor: null };
    events.push({ kind: 'FloorChanged', participantId: null, by: null });
  }
  return { state: next, events };
}

function dropSources(state: RoomState, participant: Participant): RoomDecision {
  const events = Object.keys(participant.sources).map((source) =>
    sourceChanged(participant.id, source as MediaSource, 'ended', participant.id),
  );
  return { state: replace(state, { ...participant, sources: {} }), events };
}

/** Mutes every microphone whose owner may not be heard any more. */
function hush(state: RoomState, by: string): RoomDecision {
  const events: RoomEvent[] = [];
  const participants = state.participants.map((participant) => {
    if (participant.sources.mic !== 'live' || mayBeHeard(state, participant)) return participant;
    events.push(sourceChanged(participant.id, 'mic', 'muted', by));
    return { ...participant, sources: { ...participant.sources, mic: 'muted' as const } };
  });
  return { state: { ...state, participants }, events };
}

/** What somebody may not keep in the present role goes. */
function fitToRole(state: RoomState, id: string): RoomDecision {
  const participant = getParticipant(state, id);
  if (mayInRoom(participant.role, 'speak')) return hush(state, id);
  const dropped = dropSources(state, participant);
  const released = release(dropped.state, id);
  return { state: released.state, events: [...dropped.events, ...released.events] };
}

function join(state: RoomState, { participant }: Of<'join'>, now: Instant): RoomDecision {
  const present = state.participants.find((each) => each.id === participant.id);
  if (present !== undefined) {
    // A new connection of the same person: what the old one sent is gone, hand and floor are kept.
    const dropped = dropSources(state, present);
    const returned: Participant = { ...present, ...participant, presence: 'here', sources: {} };
    const fitted = fitToRole(replace(dropped.state, returned), returned.id);
    return {
      state: fitted.state,
      events: [...dropped.events, { kind: 'ParticipantReturned', participant: returned }, ...fitted.events],
    };
  }
  if (state.participants.length >= state.policy.maxParticipants)
    throw roomError('E_ROOM_FULL', undefined, { limit: state.policy.maxParticipants });
  const joined: Participant = { ...participant, presence: 'here', joinedAt: now, sources: {} };
  return {
    state: { ...state, participants: [...state.participants, joined] },
    events: [{ kind: 'ParticipantJoined', participant: joined }],
  };
}

function leave(state: RoomState, { participantId }: Of<'leave'>): RoomDecision {
  const dropped = dropSources(state, getParticipant(state, participantId));
  const released = release(dropped.state, participantId);
  const participants = released.state.participants.filter((each) => each.id !== participantId);
  return {
    state: { ...released.state, participants },
    events: [...dropped.events, ...released.events, { kind: 'ParticipantLeft', participantId }],
  };
}

function loseConnection(state: RoomState, { participantId }: Of<'loseConnection'>): RoomDecision {
  const participant = getParticipant(state, participantId);
  if (participant.presence === 'away') return { state, events: [] };
  const dropped = dropSources(state, participant);
  return {
    state: replace(dropped.state, { ...participant, presence: 'away', sources: {} }),
    events: [...dropped.events, { kind: 'ParticipantAway', participantId }],
  };
}

function changeRole(state: RoomState, { participantId, role }: Of<'changeRole'>): RoomDecision {
  const participant = getParticipant(state, participantId);
  const fitted = fitToRole(replace(state, { ...participant, role }), participantId);
  return { state: fitted.state, events: [{ kind: 'RoleChanged', participantId, role }, ...fitted.events] };
}

function startSource(state: RoomState, { participantId, source, muted }: Of<'startSource'>): RoomDecision {
  const participant = getParticipant(state, participantId);
  requirePermission(participant.role, 'speak');
  if (participant.presence === 'away') throw roomError('E_ROOM_PARTICIPANT', 'not connected');
  if (participant.sources[source] !== undefined)
    throw roomError('E_ROOM_SOURCE', `${source} is already sent`, { source });
  const sharing = state.participants.find((each) => each.sources.screen !== undefined);
  if (source === 'screen' && sharing !== undefined)
    throw roomError('E_ROOM_SCREEN_TAKEN', undefined, { seat: sharing.seat });
  const next: SourceState = muted || (source === 'mic' && !mayBeHeard(state, participant)) ? 'muted' : 'live';
  const sources = { ...participant.sources, [source]: next };
  return {
    state: replace(state, { ...participant, sources }),
    events: [sourceChanged(participantId, source, next, participantId)],
  };
}

function stopSource(state: RoomState, { participantId, source }: Of<'stopSource'>): RoomDecision {
  const participant = getParticipant(state, participantId);
  if (participant.sources[source] === undefined) return { state, events: [] };
  const { [source]: _, ...sources } = participant.sources;
  return {
    state: replace(state, { ...participant, sources }),
    events: [sourceChanged(participantId, source, 'ended', participantId)],
  };
}

function setMuted(state: RoomState, { by, participantId, source, muted }: Of<'setMuted'>): RoomDecision {
  const participant = getParticipant(state, participantId);
  if (by !== participantId) {
    requirePermission(getParticipant(state, by).role, 'moderate');
    // Nobody opens another person's microphone or camera.
    if (!muted) throw roomError('E_ROOM_FORBIDDEN', 'only the owner unmutes');
  }
  const current = participant.sources[source];
  if (current === undefined) throw roomError('E_ROOM_SOURCE', `${source} is not sent`, { source });
  if (!muted && source === 'mic' && !mayBeHeard(state, participant)) throw roomError('E_ROOM_FLOOR');
  const next: SourceState = muted ? 'muted' : 'live';
  if (next === current) return { state, events: [] };
  const sources = { ...participant.sources, [source]: next };
  return {
    state: replace(state, { ...participant, sources }),
    events: [sourceChanged(participantId, source, next, by)],
  };
}

function raiseHand(state: RoomState, { participantId }: Of<'raiseHand'>): RoomDecision {
  requirePermission(getParticipant(state, participantId).role, 'raiseHand');
  if (state.hands.includes(participantId)) return { state, events: [] };
  const hands = [...state.hands, participantId];
  return { state: { ...state, hands }, events: [{ kind: 'HandsChanged', hands }] };
}

function lowerHand(state: RoomState, { by, participantId }: Of<'lowerHand'>): RoomDecision {
  if (by !== participantId) requirePermission(getParticipant(state, by).role, 'moderate');
  if (!state.hands.includes(participantId)) return { state, events: [] };
  const hands = without(state.hands, participantId);
  return { state: { ...state, hands }, events: [{ kind: 'HandsChanged', hands }] };
}

function grantFloor(state: RoomState, { by, participantId }: Of<'grantFloor'>): RoomDecision {
  requirePermission(getParticipant(state, by).role, 'moderate');
  if (participantId !== null) requirePermission(getParticipant(state, participantId).role, 'speak');
  if (state.floor === participantId) return { state, events: [] };
  const hands = without(state.hands, participantId);
  const events: RoomEvent[] = [{ kind: 'FloorChanged', participantId, by }];
  if (hands.length !== state.hands.length) events.push({ kind: 'HandsChanged', hands });
  const hushed = hush({ ...state, floor: participantId, hands }, by);
  return { state: hushed.state, events: [...events, ...hushed.events] };
}

const decisions: Decisions = {
  join,
  leave,
  loseConnection,
  changeRole,
  startSource,
  stopSource,
  setMuted,
  raiseHand,
  lowerHand,
  grantFloor,
  close: (state, { reason }) => ({
    state: { ...state, status: advance<RoomStatus, RoomTransition>(roomTransitions, state.status, 'close') },
    events: [{ kind: 'RoomClosing', reason }],
  }),
  finishClosing: (state) => ({
    state: {
      ...state,
      status: advance<RoomStatus, RoomTransition>(roomTransitions, state.status, 'finish'),
      participants: [],
      hands: [],
      floor: null,
    },
    events: [{ kind: 'RoomClosed' }],
  }),
};

/** Commands that a room still takes while it closes: people and sources go, nothing new comes. */
const whileClosing: ReadonlySet<Kind> = new Set(['leave', 'loseConnection', 'stopSource', 'finishClosing', 'close']);

/**
 * Decides one command of a room.
 * @throws DomainError one of `roomErrorCodes`, or `E_STATE` when a closed room is closed again
 */
export function decideRoom(state: RoomState, command: RoomCommand, now: Instant): RoomDecision {
  if (state.status !== 'open' && !whileClosing.has(command.kind)) throw roomError('E_ROOM_CLOSED');
  // The table is typed per kind; TypeScript cannot relate the looked-up function to the looked-up command.
  return (decisions[command.kind] as (state: RoomState, command: RoomCommand, now: Instant) => RoomDecision)(
    state,
    command,
    now,
  );
}
