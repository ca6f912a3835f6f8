import { DomainError } from '@qej/kernel';

/** Every refusal of the rooms, for the contract's error catalogue. */
export const roomErrorCodes = [
  'E_ROOM_NOT_MEMBER',
  'E_ROOM_NOT_SIGNED_IN',
  'E_ROOM_NOT_DECLARED',
  'E_ROOM_RECUSED',
  'E_ROOM_NOT_OPEN_YET',
  'E_ROOM_CLOSED',
  'E_ROOM_FULL',
  'E_ROOM_FORBIDDEN',
  'E_ROOM_FLOOR',
  'E_ROOM_SCREEN_TAKEN',
  'E_ROOM_SOURCE',
  'E_ROOM_PARTICIPANT',
  'E_ROOM_MESSAGE',
  'E_ROOM_VERSION',
  'E_ROOM_PHASE',
  'E_ROOM_RATE',
  'E_ROOM_MEDIA_PARAMETERS',
  'E_ROOM_MEDIA_UNAVAILABLE',
] as const;

export type RoomErrorCode = (typeof roomErrorCodes)[number];

/** A refusal of this domain: the code is one of {@link roomErrorCodes}. */
export const roomError = (
  code: RoomErrorCode,
  detail?: string,
  params?: Readonly<Record<string, string | number>>,
): DomainError<RoomErrorCode> =>
  new DomainError(code, { ...(detail === undefined ? {} : { detail }), ...(params === undefined ? {} : { params }) });

/** Whether something thrown is a refusal (of this or another domain) and not a programmer's mistake. */
export const isRefusal = (error: unknown): error is DomainError => error instanceof DomainError;
