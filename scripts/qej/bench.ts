import process from 'node:process';
import { ensureDebianPackages } from './debian-packages.ts';
import { handToProgram } from './hand-to-program.ts';
import { runMain } from './run-command.ts';

await runMain(() => {
  const asksOnly = process.argv.slice(2).some((word) => word === '--help' || word === '--list');
  if (!asksOnly) ensureDebianPackages(['bench']);
  handToProgram('bench');
});
