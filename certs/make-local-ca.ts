/** `node certs/make-local-ca.ts DIR`: makes (or opens) a local demo authority in DIR and writes its public side to DIR/public. */
import { join, resolve } from 'node:path';
import { systemClock } from '../packages/kernel/src/index.ts';
import { openLocalCa, publishTrust } from '../packages/trust/src/index.ts';

const [target] = process.argv.slice(2);
if (target === undefined) {
  console.error('用法 Usage: node certs/make-local-ca.ts DIR');
  process.exitCode = 2;
} else {
  const directory = resolve(target);
  const ca = await openLocalCa({
    directory,
    clock: systemClock,
    onProgress: ({ done, total, name }) => console.log(`密钥 key ${done}/${total}: ${name}`),
  });
  await publishTrust(ca, join(directory, 'public'));
  console.log(`公开部分 public side: ${join(directory, 'public')}`);
}
