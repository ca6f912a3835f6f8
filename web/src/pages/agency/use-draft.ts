import type { Answer, PlatformApi } from '@qej/contract';
import { computed, inject, onScopeDispose, provide, reactive, ref, shallowRef, watch } from 'vue';
import type { ComputedRef, InjectionKey, Ref, ShallowRef } from 'vue';
import { useApi } from '../../api/client.ts';
import { issuesOf } from './draft-form.ts';
import type { FieldIssue, TenderDraft } from './draft-form.ts';

export type Finding = Answer<PlatformApi['checkDraft']>['findings'][number];
export type Parties = Answer<PlatformApi['listParties']>;

const CHECK_AFTER_MS = 500;

export interface DraftEditor {
  /** Edited in place by the sections of the form. */
  readonly form: TenderDraft;
  readonly parties: Parties;
  readonly findings: Readonly<ShallowRef<readonly Finding[]>>;
  readonly issues: ComputedRef<readonly FieldIssue[]>;
  readonly checking: Readonly<Ref<boolean>>;
  readonly checkError: Readonly<ShallowRef<unknown>>;
  /** Findings about these members of the notice. */
  findingsOn(prefixes: readonly string[]): readonly Finding[];
  /** First complaint about a field of the form, only once somebody has tried to save or the field is filled. */
  issueOf(path: string): string | undefined;
  /** From now on empty fields are complained about too. */
  showAll(): void;
  setFindings(found: readonly Finding[]): void;
}
const draftKey: InjectionKey<DraftEditor> = Symbol('draft');

/** The draft as it is typed; after each pause the platform checks it against the statutory clock. */
export function provideDraft(initial: TenderDraft, parties: Parties): DraftEditor {
  const api = useApi();
  const form = reactive(structuredClone(initial)) as TenderDraft;
  const findings = shallowRef<readonly Finding[]>([]);
  const checkError = shallowRef<unknown>();
  const checking = ref(false);
  const strict = ref(false);
  const issues = computed(() => issuesOf(form));
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const check = async (): Promise<void> => {
    const own = ++asked;
    if (issues.value.length > 0) return;
    checking.value = true;
    try {
      const answer = await api.checkDraft({ body: structuredClone(plain(form)) });
      if (own !== asked) return;
      findings.value = answer.findings;
      checkError.value = undefined;
    } catch (error) {
      if (own === asked) checkError.value = error;
    } finally {
      if (own === asked) checking.value = false;
    }
  };
  watch(
    () => JSON.stringify(form),
    () => {
      clearTimeout(timer);
      timer = setTimeout(() => void check(), CHECK_AFTER_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    asked += 1;
    clearTimeout(timer);
  });
  const isEmptyAt = (path: string): boolean => {
    let value: unknown = form;
    for (const part of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
    return value === '' || value === undefined || (Array.isArray(value) && value.length === 0);
  };
  const editor: DraftEditor = {
    form,
    parties,
    findings,
    issues,
    checking,
    checkError,
    findingsOn: (prefixes) => findings.value.filter(({ path }) => prefixes.some((prefix) => path.startsWith(prefix))),
    issueOf: (path) =>
      strict.value || !isEmptyAt(path) ? issues.value.find((issue) => issue.path === path)?.message : undefined,
    showAll: () => {
      strict.value = true;
    },
    setFindings: (found) => {
      findings.value = found;
    },
  };
  provide(draftKey, editor);
  return editor;
}

/** The form without its proxies. */
export const plain = (form: TenderDraft): TenderDraft => JSON.parse(JSON.stringify(form)) as TenderDraft; // plain JSON by its type

export function useDraft(): DraftEditor {
  const editor = inject(draftKey);
  if (editor === undefined) throw new Error('not inside the notice editor');
  return editor;
}
