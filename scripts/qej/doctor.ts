import process from 'node:process';
import { doctorChecks, type Finding } from './doctor-checks.ts';

const marks = { good: '✔', warning: '!', bad: '✘' } as const satisfies Record<Finding['grade'], string>;

let stops = 0;
for (const { name, look } of doctorChecks) {
  const { grade, found, mend } = await look();
  if (grade === 'bad') stops++;
  process.stdout.write(`${marks[grade]} ${name}: ${found}\n${mend === undefined ? '' : `    → ${mend}\n`}`);
}
process.stdout.write(
  stops === 0 ? '可以启动 nothing keeps ./qej up from starting\n' : `${stops} 项需要处理 to be mended\n`,
);
process.exitCode = stops === 0 ? 0 : 1;
