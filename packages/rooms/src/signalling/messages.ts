import { isRefusal, roomError } from '../error-codes.ts';
import { eventShapes, responseShapes, type EventKind, type EventMessage } from './events.ts';
import { requestShapes, type RequestKind, type RequestMessage } from './requests.ts';
import { bool, jsonObject, object, text, type Shape } from './shape.ts';

/** A message is UTF-8 JSON in one text frame; longer ones are refused unread. */
export const maxMessageBytes = 65_536;

export interface FailureBody {
  readonly code: string;
  readonly detail: string;
}
export type ResponseMessage =
  | { readonly type: 'response'; readonly id: string; readonly ok: true; readonly body: unknown }
  | { readonly type: 'response'; readonly id: string; readonly ok: false; readonly error: FailureBody };
export type ServerMessage = ResponseMessage | EventMessage;

const requestId = text(/^[\w-]{1,64}$/);
const failure = object({ code: text(/^E_[A-Z_]{1,60}$/), detail: text(/^[^\u0000-\u001f]{0,512}$/u) });

function parseJson(frame: string): Readonly<Record<string, unknown>> {
  // Two bytes of UTF-16 never become more than three of UTF-8: the cheap bound first.
  if (frame.length > maxMessageBytes) throw roomError('E_ROOM_MESSAGE', 'too long');
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw roomError('E_ROOM_MESSAGE', 'not JSON');
    throw cause;
  }
  return jsonObject(value, 'message');
}

/** For the body, which the row of its kind reads. */
const unread: Shape<unknown> = (value) => value;
const requestEnvelope = object({ type: text(/^request$/), id: requestId, kind: text(), body: unread });
const eventEnvelope = object({ type: text(/^event$/), kind: text(), body: unread });
const okEnvelope = object({ type: text(/^response$/), id: requestId, ok: bool, body: unread });
const failedEnvelope = object({ type: text(/^response$/), id: requestId, ok: bool, error: failure });

/** Reads a client's frame. @throws DomainError `E_ROOM_MESSAGE` */
export function parseRequest(frame: string): RequestMessage {
  const { id, kind, body } = requestEnvelope(parseJson(frame), 'request');
  if (!Object.hasOwn(requestShapes, kind)) throw roomError('E_ROOM_MESSAGE', 'unknown kind of request', { kind });
  const shape: Shape<unknown> = requestShapes[kind as RequestKind];
  // Kind and body were read by the same row of the table.
  return { type: 'request', id, kind, body: shape(body, kind) } as RequestMessage;
}

/** The id of a request that could not be read otherwise, so that the refusal can be addressed. */
export function requestIdOf(frame: string): string | undefined {
  try {
    return requestId(parseJson(frame)['id'], 'id');
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** Reads a server's frame; the body of a response is read by {@link parseResponseBody}. @throws DomainError `E_ROOM_MESSAGE` */
export function parseServerMessage(frame: string): ServerMessage {
  const message = parseJson(frame);
  if (message['type'] === 'event') {
    const { kind, body } = eventEnvelope(message, 'event');
    if (!Object.hasOwn(eventShapes, kind)) throw roomError('E_ROOM_MESSAGE', 'unknown kind of event', { kind });
    const shape: Shape<unknown> = eventShapes[kind as EventKind];
    return { type: 'event', kind, body: shape(body, kind) } as EventMessage;
  }
  if (message['ok'] === false) {
    const { id, error } = failedEnvelope(message, 'response');
    return { type: 'response', id, ok: false, error };
  }
  const { id, body } = okEnvelope(message, 'response');
  return { type: 'response', id, ok: true, body };
}

/** @throws DomainError `E_ROOM_MESSAGE` */
export const parseResponseBody = <K extends RequestKind>(
  kind: K,
  body: unknown,
): ReturnType<(typeof responseShapes)[K]> => responseShapes[kind](body, kind) as ReturnType<(typeof responseShapes)[K]>;

export const encodeMessage = (message: RequestMessage | ServerMessage): string => JSON.stringify(message);
