import type { Instant, Transitions } from '@qej/kernel';
import type { MediaSource, RoomRole } from './roles.ts';

export type RoomStatus = 'open' | 'closing' | 'closed';
export type RoomTransition = 'close' | 'finish';
export const roomTransitions = {
  open: { close: 'closing' },
  closing: { finish: 'closed' },
  closed: {},
} as const satisfies Transitions<RoomStatus, RoomTransition>;

export interface RoomPolicy {
  /** Every source is recorded from its first packet on. */
  readonly record: boolean;
  /** `open`: anybody speaks; `granted`: only the chair, the host and who holds the floor are heard. */
  readonly floor: 'open' | 'granted';
  readonly maxParticipants: number;
  /** Whether the committee sees that a supervisor is in the room. Looks are logged in any case. */
  readonly showSupervisors: boolean;
}

export const defaultRoomPolicy: RoomPolicy = {
  record: true,
  floor: 'open',
  maxParticipants: 16,
  showSupervisors: false,
};

export type SourceState = 'live' | 'muted';

/** Who is told to the room: `seat` is the number on the table ("3"), `displayName` what policy lets others see ("专家3"). */
export interface ParticipantInfo {
  readonly id: string;
  readonly displayName: string;
  readonly seat: string;
  readonly role: RoomRole;
}

export interface Participant extends ParticipantInfo {
  /** `away`: the connection was lost; the seat is kept. */
  readonly presence: 'here' | 'away';
  readonly joinedAt: Instant;
  readonly sources: Readonly<Partial<Record<MediaSource, SourceState>>>;
}

export interface RoomState {
  readonly id: string;
  readonly status: RoomStatus;
  readonly policy: RoomPolicy;
  /** In order of arrival. */
  readonly participants: readonly Participant[];
  /** Ids of raised hands, the longest raised first. */
  readonly hands: readonly string[];
  /** Who holds the floor. */
  readonly floor: string | null;
}

export const newRoom = (id: string, policy: RoomPolicy): RoomState => ({
  id,
  status: 'open',
  policy,
  participants: [],
  hands: [],
  floor: null,
});

export type RoomCommand =
  | { readonly kind: 'join'; readonly participant: ParticipantInfo }
  | { readonly kind: 'leave'; readonly participantId: string }
  | { readonly kind: 'loseConnection'; readonly participantId: string }
  | { readonly kind: 'changeRole'; readonly participantId: string; readonly role: RoomRole }
  | {
      readonly kind: 'startSource';
      readonly participantId: string;
      readonly source: MediaSource;
      readonly muted: boolean;
    }
  | { readonly kind: 'stopSource'; readonly participantId: string; readonly source: MediaSource }
  | {
      readonly kind: 'setMuted';
      readonly by: string;
      readonly participantId: string;
      readonly source: MediaSource;
      readonly muted: boolean;
    }
  | { readonly kind: 'raiseHand'; readonly participantId: string }
  | { readonly kind: 'lowerHand'; readonly by: string; readonly participantId: string }
  | { readonly kind: 'grantFloor'; readonly by: string; readonly participantId: string | null }
  | { readonly kind: 'close'; readonly reason: string }
  | { readonly kind: 'finishClosing' };

export type RoomEvent =
  | { readonly kind: 'ParticipantJoined'; readonly participant: Participant }
  | { readonly kind: 'ParticipantReturned'; readonly participant: Participant }
  | { readonly kind: 'ParticipantAway'; readonly participantId: string }
  | { readonly kind: 'ParticipantLeft'; readonly participantId: string }
  | { readonly kind: 'RoleChanged'; readonly participantId: string; readonly role: RoomRole }
  | {
      readonly kind: 'SourceChanged';
      readonly participantId: string;
      readonly source: MediaSource;
      readonly state: SourceState | 'ended';
      readonly by: string;
    }
  | { readonly kind: 'HandsChanged'; readonly hands: readonly string[] }
  | { readonly kind: 'FloorChanged'; readonly participantId: string | null; readonly by: string | null }
  | { readonly kind: 'RoomClosing'; readonly reason: string }
  | { readonly kind: 'RoomClosed' };

export interface RoomDecision {
  readonly state: RoomState;
  readonly events: readonly RoomEvent[];
}
