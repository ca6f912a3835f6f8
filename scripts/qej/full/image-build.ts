import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatDuration, repositoryRoot } from '../surroundings.ts';
import { bareDebian, copyOf, runInside, sh, type Inside, type RootFolder, type StepEnd } from './chroot.ts';
import { parseCopy, parseEnv, type Instruction, type Stage } from './dockerfile.ts';

/** The one base image that our Dockerfiles use; its stand-in here is a debootstrap of the same release. */
const BASE_IMAGE = 'debian:12-slim';

/** A stage while it is built: its files, and what ENV, WORKDIR, USER and the rest have set. */
export interface Built {
  readonly root: RootFolder;
  inside: Inside;
  readonly said: Map<string, string>;
}

export type Report = (line: string, end: StepEnd) => void;

/** Tracked files less .dockerignore: what `docker build .` would be sent from a clean checkout. */
function copyContext(target: string): StepEnd {
  return sh(
    `cd "$1"; mkdir -p "$2"
     git ls-files -z | grep -zvE '^(\\.git|\\.ci|docs|e2e|bench)/' | tar --null -T - -cf - | tar -xf - -C "$2"
     mkdir -p "$2/e2e" "$2/bench"`,
    [repositoryRoot, target],
  );
}

function copy(rest: string, stage: Built, earlier: ReadonlyMap<string, Built>): StepEnd {
  const { from, owner, sources, target } = parseCopy(rest);
  const to = join(stage.root.path, target === '.' ? stage.inside.workFolder : target);
  if (from === undefined) return sources.join() === '.' ? copyContext(to) : { code: 1, output: 'only COPY . .' };
  const base = earlier.get(from)?.root.path;
  if (base === undefined) return { code: 1, output: `no stage ${from}` };
  const [source = ''] = sources;
  const done = sh(
    'mkdir -p "$(dirname "$2")"; if [ -d "$1" ]; then mkdir -p "$2"; cp -a "$1/." "$2"; else cp -a "$1" "$2"; fi',
    [join(base, source), to],
  );
  if (done.code !== 0 || owner === undefined) return done;
  return runInside(stage.root.path, `chown -R ${owner} ${target}`, { ...stage.inside, user: 'root' });
}

/** Carries out one instruction; those that only describe the image are kept for the start. */
function carryOut({ keyword, rest }: Instruction, stage: Built, earlier: ReadonlyMap<string, Built>): StepEnd {
  const fine: StepEnd = { code: 0, output: '' };
  switch (keyword) {
    case 'RUN':
      return runInside(stage.root.path, rest, stage.inside);
    case 'COPY':
      return copy(rest, stage, earlier);
    case 'WORKDIR':
      stage.inside = { ...stage.inside, workFolder: rest };
      return sh('mkdir -p "$1"', [join(stage.root.path, rest)]);
    case 'USER':
      stage.inside = { ...stage.inside, user: rest };
      return fine;
    case 'ENV': {
      const [name, value] = parseEnv(rest);
      stage.inside = { ...stage.inside, env: { ...stage.inside.env, [name]: value } };
      return fine;
    }
    case 'EXPOSE':
    case 'VOLUME':
    case 'HEALTHCHECK':
    case 'ENTRYPOINT':
    case 'CMD':
      stage.said.set(keyword, rest);
      return fine;
    default:
      return { code: 1, output: `${keyword} is not understood here` };
  }
}

function begin(stage: Stage, earlier: ReadonlyMap<string, Built>): Built {
  const base = earlier.get(stage.base);
  if (base === undefined && stage.base !== BASE_IMAGE)
    throw new Error(`FROM ${stage.base}: only ${BASE_IMAGE} or a stage`);
  const inside = base?.inside ?? { workFolder: '/', env: {}, user: 'root' };
  return { root: copyOf(base?.root.path ?? bareDebian()), inside, said: new Map() };
}

/** Builds all stages; the last one is the image. Stops at the first step that fails and says so by undefined. */
export function buildStages(
  stages: readonly Stage[],
  report: Report,
): { image: Built | undefined; remove: () => void } {
  const built = new Map<string, Built>();
  const remove = (): void => {
    for (const { root } of built.values()) root.remove();
  };
  for (const stage of stages) {
    const current = begin(stage, built);
    built.set(stage.name, current);
    for (const instruction of stage.instructions) {
      const began = performance.now();
      const end = carryOut(instruction, current, built);
      const took = formatDuration(performance.now() - began);
      // What only describes the image proves nothing by itself.
      if (end.code !== 0 || ['RUN', 'COPY'].includes(instruction.keyword))
        report(`${instruction.keyword} ${instruction.rest} (${took})`, end);
      if (end.code !== 0) return { image: undefined, remove };
    }
  }
  return { image: [...built.values()].at(-1), remove };
}

/** The words of a JSON array as one shell line. */
const shellLine = (json: string): string =>
  (JSON.parse(json === '' ? '[]' : json) as string[]).map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');

/** Starts an image that needs files of its own to run: all its modules must load, and it must name what is missing. */
function startUnconfigured(root: string, start: string, inside: Inside): StepEnd {
  const { code, output } = runInside(root, start, { ...inside, offline: true });
  return { code: code !== 0 && output.includes('--platform') ? 0 : 1, output };
}

/** Starts the image's entry point without a network, asks its health check, where it has one, for a minute, and ends it. */
export function startAndAsk({ root, inside, said }: Built): StepEnd {
  const start = [said.get('ENTRYPOINT') ?? '', said.get('CMD') ?? ''].map(shellLine).join(' ');
  const health = /CMD\s+(\[.*)$/.exec(said.get('HEALTHCHECK') ?? '')?.[1];
  if (health === undefined) return startUnconfigured(root.path, start, inside);
  rmSync(join(root.path, 'run/host-roots.crt'), { force: true });
  const line = `${start} & pid=$!; i=0
    until ${shellLine(health)}; do i=$((i+1)); [ $i -lt 60 ] || exit 1; kill -0 $pid || exit 1; sleep 1; done
    kill $pid; wait $pid || true`;
  return runInside(root.path, line, { ...inside, offline: true });
}
