import { roomError } from './error-codes.ts';

/**
 * chair 组长: the elected member who leads; expert 专家: a committee member; host 代理机构: serves the
 * experts from outside the committee; supervisor 行政监督人员: sees and hears, is neither seen nor heard
 * (Bidding Law art. 7: supervision, no part in the evaluation), and each look is logged.
 */
export const roomRoles = ['chair', 'expert', 'host', 'supervisor'] as const;
export type RoomRole = (typeof roomRoles)[number];

export const mediaSources = ['mic', 'camera', 'screen'] as const;
export type MediaSource = (typeof mediaSources)[number];

/** What a role may do in a room; whoever is not listed may not. */
export const roomPermissions = {
  watch: ['chair', 'expert', 'host', 'supervisor'],
  speak: ['chair', 'expert', 'host'],
  raiseHand: ['chair', 'expert', 'host'],
  moderate: ['chair', 'host'],
} as const satisfies Record<string, readonly RoomRole[]>;
export type RoomPermission = keyof typeof roomPermissions;

export const mayInRoom = (role: RoomRole, permission: RoomPermission): boolean =>
  (roomPermissions[permission] as readonly RoomRole[]).includes(role);

/** @throws DomainError `E_ROOM_FORBIDDEN` */
export function requirePermission(role: RoomRole, permission: RoomPermission): void {
  if (!mayInRoom(role, permission))
    throw roomError('E_ROOM_FORBIDDEN', `${role} may not ${permission}`, { role, permission });
}

/** Supervisors are not shown to the committee unless the room's policy says so. */
export const isSilentRole = (role: RoomRole): boolean => role === 'supervisor';
