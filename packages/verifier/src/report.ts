import { isRefusal, refuse } from './codes.ts';

export interface LocalText {
  readonly zh: string;
  readonly en: string;
}

/** One broken thing. */
export interface Finding {
  readonly code: string;
  /** What is broken: a path, a holder and stage, a bid, an entry of the log. */
  readonly subject: string;
  readonly detail: string;
}

export interface StepReport {
  readonly id: string;
  readonly title: LocalText;
  /** `absent`: the archive of this profile and state holds nothing for this step. */
  readonly state: 'passed' | 'failed' | 'absent';
  readonly ok: boolean;
  /** Code of the first finding. */
  readonly code?: string;
  readonly detail: string;
  /** How many things were checked one by one. */
  readonly checked: number;
  readonly findings: readonly Finding[];
}

/** Runs one check; a refusal becomes a finding and the result is undefined, so one failure hides no other. */
export type Check = <T>(subject: string, work: () => Promise<T> | T) => Promise<T | undefined>;

export interface StepOutcome<T> {
  readonly report: StepReport;
  /** What later steps build on; undefined when the step broke off. */
  readonly value: T | undefined;
}

/** What a step gives back: facts for later steps and one line for the person who reads. */
export interface StepResult<T> {
  readonly value: T;
  readonly detail: string;
  readonly absent?: boolean;
}

const findingOf = (subject: string, error: unknown): Finding => {
  if (isRefusal(error)) return { code: error.code, subject, detail: error.message };
  // Hostile input may reach a programmer's assertion of another package: for a verifier that too is "refused".
  return { code: 'E_ARCHIVE_UNREADABLE', subject, detail: error instanceof Error ? error.message : String(error) };
};

/** Runs a step; whatever it throws is its own finding. */
export async function runStep<T>(
  { id, title }: { readonly id: string; readonly title: LocalText },
  work: (check: Check) => Promise<StepResult<T>>,
): Promise<StepOutcome<T>> {
  const findings: Finding[] = [];
  let checked = 0;
  const check: Check = async (subject, one) => {
    checked++;
    try {
      return await one();
    } catch (error) {
      findings.push(findingOf(subject, error));
      return undefined;
    }
  };
  const result = await check(id, () => work(check));
  const [first] = findings;
  const head = { id, title, checked: checked - 1, findings };
  if (first !== undefined) {
    const detail = findings.map(({ subject, detail: why }) => (subject === id ? why : `${subject}: ${why}`)).join('; ');
    return { report: { ...head, state: 'failed', ok: false, code: first.code, detail }, value: result?.value };
  }
  const state = result?.absent === true ? 'absent' : 'passed';
  return { report: { ...head, state, ok: true, detail: result?.detail ?? '' }, value: result?.value };
}

export const absent = (why: string): StepResult<undefined> => ({ value: undefined, detail: why, absent: true });

/** The value of an earlier step. @throws DomainError `E_ARCHIVE_NEEDS` when that step gave none. */
export function needed<T>(value: T | undefined, step: string): T {
  return value ?? refuse('E_ARCHIVE_NEEDS', `step ${step} has failed`);
}
