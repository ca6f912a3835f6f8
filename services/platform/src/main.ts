import { announcement } from './announce.ts';
import { ConfigError, parseConfig } from './config.ts';
import { startPlatform } from './start-platform.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const config = parseConfig(process.argv.slice(2), process.env);
  const platform = await startPlatform({ config, say: (line) => say(`  … ${line}`) });
  const stop = (): void => {
    platform.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  say(announcement(platform, config.dataDirectory));
  say(JSON.stringify({ ready: true, ...platform.facts }));
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});
