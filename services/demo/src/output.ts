import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The output folder of a play; `null` keeps nothing. */
export interface Output {
  readonly directory: string | null;
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** A folder inside. */
  below(name: string): Output;
}

/** File names may come from a server: nothing leaves the folder. */
const safe = (name: string): string =>
  name
    .split('/')
    .map((part) => part.replace(/[\\:*?"<>|\u0000-\u001f]/g, '_').replace(/^\.+/, '_'))
    .join('/');

export function openOutput(directory: string | null): Output {
  return {
    directory,
    below: (name) => openOutput(directory === null ? null : join(directory, safe(name))),
    write: async (name, bytes) => {
      if (directory === null) return;
      const path = join(directory, safe(name));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    },
  };
}
