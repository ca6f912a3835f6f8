import {
  isSilentRole,
  type MediaSource,
  type Participant,
  type ParticipantView,
  type RoomSnapshot,
  type RoomState,
  type SourceState,
} from '@qej/rooms';

/** A participant as it is sent to others. */
export const viewOf = ({ id, displayName, seat, role, presence, sources }: Participant): ParticipantView => ({
  id,
  displayName,
  seat,
  role,
  presence,
  // Keys and values of a partial record of exactly these types.
  sources: (Object.entries(sources) as [MediaSource, SourceState][]).map(([source, state]) => ({ source, state })),
});

/** Whether somebody is told of a participant: everybody of everybody, but of supervisors only by policy. */
export const isVisibleTo = (state: RoomState, viewerId: string, participant: Participant): boolean =>
  participant.id === viewerId || state.policy.showSupervisors || !isSilentRole(participant.role);

export const snapshotFor = (
  state: RoomState,
  viewerId: string,
  recording: RoomSnapshot['recording'],
): RoomSnapshot => ({
  participants: state.participants.filter((each) => isVisibleTo(state, viewerId, each)).map(viewOf),
  hands: state.hands,
  floor: state.floor,
  floorPolicy: state.policy.floor,
  recording,
});
