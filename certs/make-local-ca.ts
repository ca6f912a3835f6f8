/** `node certs/make-local-ca.ts DIR`: makes (or opens) a local demo authority in DIR and writes its public side to DIR/public. */
import { join, resolve } from 'node:path';
import { systemClock } from '../packages/kernel/src/index.ts';
import { openLocalCa, publishTrust } from '../packages/trust/src/index.ts';

const [target] = process.argv.slice(2);
if (target === undefined) {
  process.stderr.write('用法 Usage: node certs/make-local-ca.ts DIR\n');
  process.exitCode = 2;
} else {
  const directory = resolve(target);
  const ca = await openLocalCa({
    directory,
    clock: systemClock,
    onProgress: ({ done, total, name }) => process.stdout.write(`密钥 key ${done}/${total}: ${name}\n`),
  });
  await publishTrust(ca, join(directory, 'public'));
  process.stdout.write(`公开部分 public side: ${join(directory, 'public')}\n`);
}
