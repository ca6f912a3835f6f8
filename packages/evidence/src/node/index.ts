export { writeDurably } from './durable-file.ts';
export { createFileGuard } from './file-guard.ts';
