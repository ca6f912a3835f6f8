import type { Json } from '@qej/kernel';

export interface InboxRecord {
  id: string;
  userId: string;
  event: string;
  tenderId: string | null;
  subject: Json;
  text: Json;
  at: number;
  readAt: number | null;
}

/** A message on its way out; `dedupe` is unique, so an event is told once. */
export interface DeliveryRecord {
  id: string;
  dedupe: string;
  channel: string;
  recipient: string;
  subject: string;
  text: string;
  state: string;
  attempts: number;
  nextAttemptAt: number;
  createdAt: number;
}

/** Work to do after the commit, at least once: `kind` names the handler of the worker. */
export interface JobRecord {
  id: string;
  kind: string;
  dedupe: string;
  payload: Json;
  state: string;
  attempts: number;
  runAt: number;
  lastError: string | null;
  createdAt: number;
}
