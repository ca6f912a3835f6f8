import { systemClock } from '@qej/kernel';
import { ConfigError, parseConfig } from './config.ts';
import { startBank } from './start-bank.ts';

const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const config = parseConfig(process.argv.slice(2));
  const bank = await startBank(config, { clock: systemClock, log });
  const stop = (): void => {
    bank.close().then(
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
  process.stdout.write(`${JSON.stringify({ ready: true, url: bank.url, guarantorId: bank.guarantorId })}\n`);
}

main().catch((cause: unknown) => {
  log(cause instanceof ConfigError ? cause.message : String(cause instanceof Error ? cause.stack : cause));
  process.exit(1);
});
