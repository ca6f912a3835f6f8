import { DomainError, equalBytes, toHex } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { OBJECT_LENGTH, REGISTER_LENGTH } from '@qej/sealed-bid';
import type { IntakePorts, ObjectPool } from './ports.ts';
import { requireSession, takeQuota } from './upload-session.ts';

type Kind = 'objects' | 'registers';
const lengths: Readonly<Record<Kind, number>> = { objects: OBJECT_LENGTH, registers: REGISTER_LENGTH };

export interface Upload {
  readonly kind: Kind;
  readonly id: string;
  readonly session: string;
  readonly bytes: Uint8Array;
}

async function isKnown(pool: ObjectPool, id: string, bytes: Uint8Array): Promise<boolean> {
  const known = await pool.get(id);
  if (known === undefined) return false;
  if (!equalBytes(known, bytes)) throw new DomainError('E_OBJECT_CONFLICT');
  return true;
}

/**
 * Durable before the answer; the same bytes again cost nothing and change nothing.
 * @throws DomainError `E_SESSION`, `E_OBJECT_SIZE`, `E_OBJECT_CONFLICT`, `E_QUOTA`, `E_STORAGE_FULL`
 */
export async function storeUpload(
  ports: IntakePorts,
  { kind, id, session, bytes }: Upload,
  now: Instant,
): Promise<string> {
  const row = await requireSession(ports, session, now);
  if (bytes.length !== lengths[kind]) throw new DomainError('E_OBJECT_SIZE', { params: { bytes: lengths[kind] } });
  if (!(await isKnown(ports[kind], id, bytes))) {
    await takeQuota(ports, row);
    await ports[kind].put(id, bytes);
  }
  return toHex(await ports.provider.hash(bytes));
}

/** For the trial opening. @throws DomainError `E_SESSION`, `E_NOT_FOUND` */
export async function readUpload(
  ports: IntakePorts,
  { kind, id, session }: Omit<Upload, 'bytes'>,
  now: Instant,
): Promise<Uint8Array> {
  await requireSession(ports, session, now);
  const bytes = await ports[kind].get(id);
  if (bytes === undefined) throw new DomainError('E_NOT_FOUND');
  return bytes;
}
