import { ApiError } from '@qej/contract';
import type { PlatformClient } from '../http/api-clients.ts';
import { STEP_PATIENCE_MS, waitFor } from '../http/retry.ts';

export type ArchiveProfile = 'public' | 'full';

/** An archive is made once its last entry is cosigned; until then it is asked for again. @throws ApiError `E_STATE` before the end */
export async function fetchArchive(
  api: PlatformClient,
  tenderId: string,
  profile: ArchiveProfile,
  timeoutMs = STEP_PATIENCE_MS,
): Promise<Uint8Array<ArrayBuffer>> {
  const params = { tenderId };
  const ask = (): Promise<Uint8Array<ArrayBuffer>> =>
    profile === 'full' ? api.getFullArchive({ params }) : api.getArchive({ params });
  const look = async (): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'E_STATE') return undefined;
      throw error;
    }
  };
  return waitFor(`the ${profile} archive`, look, { timeoutMs, everyMs: 1_000 });
}
