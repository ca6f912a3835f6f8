import { DomainError, systemClock } from '@qej/kernel';
import { parseConfig } from './config.ts';
import { startWitness } from './start-witness.ts';

const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const config = parseConfig(process.argv.slice(2));
  const witness = await startWitness(config, { clock: systemClock, log });
  const stop = (): void => {
    witness.close().then(
      () => process.exit(0),
      (cause: unknown) => {
        log(String(cause));
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (config.isBoundToStdin) process.stdin.resume().once('close', stop);
  process.stdout.write(
    `${JSON.stringify({ ready: true, url: witness.url, name: witness.name, vkey: witness.vkey })}\n`,
  );
}

main().catch((cause: unknown) => {
  log(cause instanceof DomainError ? cause.message : String(cause instanceof Error ? cause.stack : cause));
  process.exit(1);
});
