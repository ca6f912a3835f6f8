/** One instruction of a Dockerfile, continuation lines joined, comments gone. */
export interface Instruction {
  /** Upper case: FROM, RUN, COPY, ENV … */
  readonly keyword: string;
  readonly rest: string;
}

/** The instructions of one `FROM … [AS name]`. */
export interface Stage {
  /** What it is built on: an image, or an earlier stage's name. */
  readonly base: string;
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

function instructionsOf(text: string): Instruction[] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n');
  return lines.map((line) => {
    const match = /^\s*([A-Za-z]+)\s+(.*)$/.exec(line);
    if (match === null) throw new Error(`Dockerfile line not understood: ${line}`);
    return { keyword: (match[1] ?? '').toUpperCase(), rest: (match[2] ?? '').trim() };
  });
}

/** The stages of a Dockerfile in order; an unnamed one is named by its number, as Docker does. */
export function parseDockerfile(text: string): Stage[] {
  const stages: { base: string; name: string; instructions: Instruction[] }[] = [];
  for (const instruction of instructionsOf(text)) {
    const from = instruction.keyword === 'FROM' ? /^(\S+)(?:\s+as\s+(\S+))?$/i.exec(instruction.rest) : null;
    if (from !== null) stages.push({ base: from[1] ?? '', name: from[2] ?? String(stages.length), instructions: [] });
    else {
      const stage = stages.at(-1);
      if (stage === undefined) throw new Error('a Dockerfile begins with FROM');
      stage.instructions.push(instruction);
    }
  }
  return stages;
}

/** `--from=build --chown=qej /app /app` in parts. */
export interface Copy {
  readonly from: string | undefined;
  readonly owner: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

export function parseCopy(rest: string): Copy {
  const words = rest.split(/\s+/);
  const flag = (name: string): string | undefined =>
    words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  const paths = words.filter((word) => !word.startsWith('--'));
  const target = paths.at(-1);
  if (target === undefined || paths.length < 2) throw new Error(`COPY ${rest}: give a source and a target`);
  return { from: flag('from'), owner: flag('chown'), sources: paths.slice(0, -1), target };
}

/** `A=1` or `A="1 2"`; one pair a line. */
export function parseEnv(rest: string): readonly [string, string] {
  const match = /^([A-Za-z_]\w*)=(?:"([^"]*)"|(\S*))$/.exec(rest);
  if (match === null) throw new Error(`ENV ${rest}: one NAME=value a line`);
  return [match[1] ?? '', match[2] ?? match[3] ?? ''];
}
