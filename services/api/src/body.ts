import { DomainError, fromUtf8 } from '@qej/kernel';
import type { IncomingMessage } from 'node:http';

const MAX_JSON = 9_000_000;
const MAX_DEPTH = 40;

/** Reads at most `maxBytes`; refuses before allocating more. */
export async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) throw new DomainError('E_TOO_LARGE', { params: { maxBytes } });
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > maxBytes) throw new DomainError('E_TOO_LARGE', { params: { maxBytes } });
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function checkShape(text: string): void {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (quoted) {
      if (unit === 0x5c) i++;
      else if (unit === 0x22) quoted = false;
    } else if (unit === 0x22) quoted = true;
    else if (unit === 0x7b || unit === 0x5b) {
      if (++depth > MAX_DEPTH) throw new DomainError('E_JSON', { detail: 'nested too deeply' });
    } else if (unit === 0x7d || unit === 0x5d) depth--;
  }
}

const POISON = new Set(['__proto__', 'constructor', 'prototype']);

/** JSON with bounds on size and depth; members that could reach a prototype are refused. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = String(request.headers['content-type'] ?? '')
    .split(';', 1)[0]
    ?.trim();
  if (type !== 'application/json') throw new DomainError('E_MEDIA_TYPE', { detail: 'application/json expected' });
  if (request.headers['content-encoding'] !== undefined)
    throw new DomainError('E_MEDIA_TYPE', { detail: 'no content encoding' });
  const bytes = await readBytes(request, MAX_JSON);
  let text: string;
  try {
    text = fromUtf8(bytes);
  } catch (cause) {
    throw new DomainError('E_JSON', { detail: 'not UTF-8', cause });
  }
  checkShape(text);
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (POISON.has(key)) throw new DomainError('E_JSON', { detail: `member ${key} is refused` });
      return value;
    });
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    throw new DomainError('E_JSON', { cause });
  }
}
