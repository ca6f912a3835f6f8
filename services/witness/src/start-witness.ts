import type { Clock } from '@qej/kernel';
import type { WitnessConfig } from './config.ts';
import { lockFolder } from './folder-lock.ts';
import { startServer, type RunningServer } from './server.ts';
import { createWitness } from './witness.ts';
import { openWitnessStore } from './witness-store.ts';

export interface RunningWitness extends RunningServer {
  readonly name: string;
  readonly vkey: string;
}

/** Shown by `/about`, and to be shown wherever this witness's signature is. */
export const statement = {
  zh: '演示见证人：与平台由同一运营者运行，不具独立性。其联署只能说明程序按协议运行，不能防止运营者回滚日志。',
  en: 'Demo witness: run by the operator of the platform itself, hence not independent. Its cosignature shows that the protocol works; it does not keep the operator from rolling the log back.',
} as const;

/** The composition root: lock, key and state, core, server. @throws DomainError `E_WITNESS_*` */
export async function startWitness(
  config: Omit<WitnessConfig, 'isBoundToStdin'>,
  deps: { readonly clock: Clock; readonly log: (line: string) => void },
): Promise<RunningWitness> {
  const { dir, name, hasNewKey, logs, host, port } = config;
  const store = await openWitnessStore({ dir, name, hasNewKey, lock: lockFolder });
  const about = {
    v: 1,
    name,
    vkey: store.signer.vkey,
    independent: false,
    statement,
    origins: [...logs.keys()],
  } as const;
  const witness = createWitness({ store, logs, clock: deps.clock });
  const server = await startServer({ witness, about, host, port, log: deps.log }).catch(async (cause: unknown) => {
    await store.close();
    throw cause;
  });
  let closing: Promise<void> | undefined;
  return {
    name,
    vkey: store.signer.vkey,
    url: server.url,
    close: () => (closing ??= server.close().then(() => store.close())),
  };
}
