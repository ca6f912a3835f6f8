import type { FileVerdict } from './verify-file.ts';
import type { StepReport } from './report.ts';

const marks = { passed: '✓', failed: '✗', absent: '–' } as const;

function stepLines({ state, title, detail, findings, checked }: StepReport): string[] {
  const count = checked > 0 ? ` (${checked})` : '';
  const head = `${marks[state]} ${title.zh} ${title.en}${count}`;
  if (state !== 'failed') return [detail === '' ? head : `${head}：${detail}`];
  return [head, ...findings.map(({ code, subject, detail: why }) => `    ${code}  ${subject}  ${why}`)];
}

const kinds = {
  archive: '招标档案 Archive of a tender',
  receipt: '投标回执 Receipt',
  pdf: '签章文件 Signed PDF',
  certificate: '证书 Certificate',
} as const;

function notes({ facts, kind, revocationUnchecked }: FileVerdict, witnesses: number): string[] {
  const lines: string[] = [];
  if (revocationUnchecked)
    lines.push('! 未提供吊销列表，未核查吊销 revocation was not checked: no lists were given (--lists)');
  if (witnesses === 0 && (kind === 'archive' || kind === 'receipt'))
    lines.push('! 未指定见证人，无法发现日志分叉 no witness was named: a forked log would not be noticed (--witness)');
  if (facts !== undefined && 'logKeyFromArchive' in facts && facts.logKeyFromArchive === true)
    lines.push("! 日志公钥取自档案本身 the log's key was taken from the archive itself (--log)");
  if (facts !== undefined && 'witnesses' in facts && Array.isArray(facts.witnesses))
    for (const { name, at, independent } of facts.witnesses as { name: string; at: string; independent: boolean }[])
      lines.push(
        `· 见证 witness ${name} ${at}${independent ? '' : '（您未认定其独立 not independent by your policy）'}`,
      );
  return lines;
}

/** What a person reads: Chinese first, one line a step, each broken thing on a line of its own. */
export function printVerdict(file: string, verdict: FileVerdict, witnesses: number): string {
  const { facts, ok } = verdict;
  const about =
    facts !== undefined && 'code' in facts
      ? [`${String(facts.code)}（${String(facts.profile)}，${String(facts.state)}）`]
      : [];
  const end = ok ? '结论：通过，全部核验无误 PASSED' : '结论：不通过 REFUSED';
  const body = verdict.steps.flatMap(stepLines);
  return [`${kinds[verdict.kind]}: ${file}`, ...about, ...body, ...notes(verdict, witnesses), end, ''].join('\n');
}
