import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { guarantee, LONG_NAME, openingRecord, receipt, tenderDocument } from './fixtures.ts';
import { awardNotice, creditDecision, evaluationReport, scoreLetter, termination } from './fixtures-evaluation.ts';
import {
  makeDemoBidFile,
  renderAwardNotice,
  renderCreditDecisionLetter,
  renderEvaluationReport,
  renderGuaranteeCertificate,
  renderOpeningRecord,
  type RenderOptions,
  renderReceipt,
  renderScoreLetter,
  renderTenderDocument,
  renderTerminationNotice,
} from './index.ts';
import { inDirectory, qpdfCheck } from './test-authority.ts';

const RECORDS: Readonly<Record<string, (options: RenderOptions) => Promise<Uint8Array>>> = {
  招标文件: (options) => renderTenderDocument(tenderDocument, options),
  投标保函: (options) => renderGuaranteeCertificate(guarantee, options),
  投标回执: (options) => renderReceipt(receipt, options),
  开标记录: (options) => renderOpeningRecord(openingRecord, options),
  评标报告: (options) => renderEvaluationReport(evaluationReport, options),
  中标通知书: (options) => renderAwardNotice(awardNotice, options),
  评审结果告知书: (options) => renderScoreLetter(scoreLetter, options),
  投标保证金信用减免决定书: (options) => renderCreditDecisionLetter(creditDecision, options),
  流标公告: (options) => renderTerminationNotice(termination, options),
};

interface Box {
  readonly page: number;
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Printed {
  readonly boxes: readonly Box[];
  readonly pages: readonly { readonly pixels: Buffer; readonly width: number }[];
}

const DPI = 110;
/** Words whose characters are all one em wide, so that the box divides evenly. */
const FULL_WIDTH = /^[\p{Script=Han}，。、：；（）《》]+$/u;

/** Words with their boxes, and the pages as grey pixels. */
function print(pdf: Uint8Array): Printed {
  return inDirectory((directory) => {
    const file = join(directory, 'a.pdf');
    writeFileSync(file, pdf);
    const tsv = execFileSync('pdftotext', ['-tsv', file, '-'], { encoding: 'utf8', maxBuffer: 1 << 26 });
    const boxes = tsv
      .split('\n')
      .slice(1)
      .flatMap((line): Box[] => {
        const [level, page, , , , , left, top, width, height, , text = ''] = line.split('\t');
        if (level !== '5') return [];
        return [
          {
            page: Number(page),
            text,
            left: Number(left),
            top: Number(top),
            right: Number(left) + Number(width),
            bottom: Number(top) + Number(height),
          },
        ];
      });
    execFileSync('pdftoppm', ['-gray', '-r', String(DPI), file, join(directory, 'p')]);
    const names = execFileSync('ls', [directory], { encoding: 'utf8' })
      .split('\n')
      .filter((name) => name.endsWith('.pgm'))
      .sort();
    return { boxes, pages: names.map((name) => readGrey(readFileSync(join(directory, name)))) };
  });
}

function readGrey(pgm: Buffer): { pixels: Buffer; width: number } {
  const [, width = 0, height = 0] = (/^P5\n(\d+) (\d+)\n255\n/.exec(pgm.subarray(0, 40).toString('latin1')) ?? []).map(
    Number,
  );
  return { width, pixels: pgm.subarray(pgm.length - width * height) };
}

/** How many pixels of the cell differ clearly from its commonest shade. */
function ink({ pixels, width }: Printed['pages'][number], [left, top, right, bottom]: readonly number[]): number {
  const shades: number[] = [];
  const scale = DPI / 72;
  for (let y = Math.round((top ?? 0) * scale); y < (bottom ?? 0) * scale; y++) {
    for (let x = Math.round((left ?? 0) * scale); x < (right ?? 0) * scale; x++)
      shades.push(pixels[y * width + x] ?? 255);
  }
  const counts = new Map<number, number>();
  for (const shade of shades) counts.set(shade, (counts.get(shade) ?? 0) + 1);
  const ground = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 255;
  return shades.filter((shade) => Math.abs(shade - ground) > 30).length;
}

for (const [zh, render] of Object.entries(RECORDS)) {
  test(`${zh}: every Chinese character is ink on the page, not only text in the file`, async (t) => {
    const { boxes, pages } = print(await render({ demo: true }));
    const words = boxes.filter(({ text }) => FULL_WIDTH.test(text));
    const missing: string[] = [];
    let checked = 0;
    for (const { page, text, left, top, right, bottom } of words) {
      const sheet = pages[page - 1];
      const step = (right - left) / Array.from(text).length;
      for (const [index, character] of Array.from(text).entries()) {
        if (sheet === undefined) throw new Error('no such page');
        if (!/\p{Script=Han}/u.test(character)) continue;
        const dark = ink(sheet, [left + index * step, top, left + (index + 1) * step, bottom]);
        if (dark < 4) missing.push(`${character} in ${text} on page ${page}: ${dark} pixels`);
        checked += 1;
      }
    }
    t.deepEqual(missing, []);
    t.true(checked > 200, `only ${checked} characters`);
  });

  test(`${zh}: nothing leaves the margins and every page carries code, number and banner`, async (t) => {
    const { boxes, pages } = print(await render({ demo: true }));
    t.true(
      boxes.every(({ left, right }) => left >= 58 && right <= 537.5),
      JSON.stringify(boxes.find(({ left, right }) => left < 58 || right > 537.5)),
    );
    for (const index of pages.keys()) {
      const text = boxes
        .filter(({ page }) => page === index + 1)
        .map((box) => box.text)
        .join('');
      t.regex(text, /演示规则，非法定期限/);
      t.regex(text, new RegExp(`第${index + 1}页/共${pages.length}页`));
      t.regex(text, /QD-2026-0007-/);
    }
  });

  test(`${zh}: qpdf finds no fault, the header says 2.0 and the same content gives the same bytes`, async (t) => {
    const pdf = await render({ demo: false });
    t.notRegex(qpdfCheck(pdf), /WARNING|error:/i);
    t.is(Buffer.from(pdf.subarray(0, 8)).toString('latin1'), '%PDF-2.0');
    t.true(Buffer.from(pdf).equals(await render({ demo: false })));
    t.notRegex(
      print(pdf)
        .boxes.map(({ text }) => text)
        .join(''),
      /演示规则，非法定期限/,
    );
  });
}

test('long names are printed whole', async (t) => {
  const text = print(await renderEvaluationReport(evaluationReport, { demo: true }))
    .boxes.map((box) => box.text)
    .join('');
  t.true(text.includes(LONG_NAME.slice(0, 10)));
  const award = print(await renderAwardNotice(awardNotice, { demo: true }))
    .boxes.map((box) => box.text)
    .join('');
  t.true(award.includes(LONG_NAME));
});

test('a demo bid file has the asked size, the same bytes for the same seed, and many pages', async (t) => {
  const request = { title: '技术文件', megabytes: 3, seed: 'a' };
  const [first, again, other] = [
    await makeDemoBidFile(request),
    await makeDemoBidFile(request),
    await makeDemoBidFile({ ...request, seed: 'b' }),
  ];
  t.true(Math.abs(first.length - 3_000_000) < 90_000, String(first.length));
  t.true(Buffer.from(first).equals(again));
  t.false(Buffer.from(first).equals(other));
  t.notRegex(qpdfCheck(first), /WARNING|error:/i);
});
