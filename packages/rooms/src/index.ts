export { admit } from './admission.ts';
export type { AdmissionFacts } from './admission.ts';
export { closingCascade } from './closing-cascade.ts';
export type { ClosingStage } from './closing-cascade.ts';
export { isRefusal, roomError, roomErrorCodes } from './error-codes.ts';
export type { RoomErrorCode } from './error-codes.ts';
export { recordingGaps, recordingTransitions } from './recording.ts';
export type { RecordedSegment, RecordingGap, RecordingStatus } from './recording.ts';
export { isSilentRole, mayInRoom, mediaSources, requirePermission, roomPermissions, roomRoles } from './roles.ts';
export type { MediaSource, RoomPermission, RoomRole } from './roles.ts';
export { decideRoom, getParticipant, mayBeHeard } from './room.ts';
export { defaultRoomPolicy, newRoom, roomTransitions } from './room-state.ts';
export type {
  Participant,
  ParticipantInfo,
  RoomCommand,
  RoomDecision,
  RoomEvent,
  RoomPolicy,
  RoomState,
  RoomStatus,
  SourceState,
} from './room-state.ts';
export { closeCodes } from './signalling/events.ts';
export type {
  EventBody,
  EventKind,
  EventMessage,
  ParticipantView,
  ResponseBody,
  RoomSnapshot,
} from './signalling/events.ts';
export {
  encodeMessage,
  maxMessageBytes,
  parseRequest,
  parseResponseBody,
  parseServerMessage,
  requestIdOf,
} from './signalling/messages.ts';
export type { FailureBody, ResponseMessage, ServerMessage } from './signalling/messages.ts';
export { requestKinds, requestRules, signallingVersion } from './signalling/requests.ts';
export type { RequestBody, RequestKind, RequestMessage } from './signalling/requests.ts';
export type { JsonObject } from './signalling/shape.ts';
export type { Publication, ReceivedTrack } from './client/client-media.ts';
export { initialClientState, reduceClientState } from './client/client-state.ts';
export type { ClientState, ClosedBecause, Connection } from './client/client-state.ts';
export type {
  ConsumerLike,
  DeviceLike,
  ProduceOptions,
  ProducerLike,
  PublishOptions,
  SocketLike,
  TransportLike,
  TransportOptions,
} from './client/ports.ts';
export { RoomClient } from './client/room-client.ts';
export type { RoomClientDeps, RoomClientEvents } from './client/room-client.ts';
