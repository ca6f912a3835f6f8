import test from 'ava';
import fc from 'fast-check';
import { DomainError } from '@qej/kernel';
import { guarantee } from './fixtures.ts';
import { awardNotice } from './fixtures-evaluation.ts';
import { renderAwardNotice, renderGuaranteeCertificate } from './index.ts';
import { textWidth } from './layout/fonts.ts';
import { breakLines } from './layout/line-break.ts';

const TEXT = fc
  .array(fc.constantFrom(...Array.from('青岛投标保函评标委员会，。、；：！？（）《》“”招投 abc123,.%￥')), {
    maxLength: 120,
  })
  .map((characters) => characters.join(''));

test('no line begins with closing punctuation, ends with an opening bracket or is wider than asked', (t) => {
  // Runs of punctuation longer than a line cannot obey; the property is asked of text without such runs.
  const calm = TEXT.filter((text) => !/[，。、；：！？（）《》“”,.%￥]{4}/u.test(text));
  fc.assert(
    fc.property(calm, fc.integer({ min: 90, max: 400 }), (text, width) => {
      const lines = breakLines(text, width, 10).map((line) => line.text);
      for (const [index, line] of lines.entries()) {
        t.true(textWidth(line, 10) <= width + 0.01, line);
        if (index > 0) t.notRegex(line, /^[，。、；：！？）》”]/u);
        if (index < lines.length - 1) t.notRegex(line, /[（《“]$/u);
      }
    }),
  );
});

test('breaking loses no character but spaces', (t) => {
  fc.assert(
    fc.property(TEXT, fc.integer({ min: 30, max: 400 }), (text, width) => {
      const joined = breakLines(text, width, 10)
        .map((line) => line.text)
        .join('');
      t.is(joined.replaceAll(' ', ''), text.replaceAll(' ', ''));
    }),
  );
});

test('words and numbers stay whole, a hash wider than the line is cut', (t) => {
  t.deepEqual(
    breakLines('金额 1,234,567.00 元', 70, 10).map((line) => line.text),
    ['金额', '1,234,567.00', '元'],
  );
  const hash = 'c0ffee00112233445566778899aabbcc';
  const cut = breakLines(hash, 80, 10).map((line) => line.text);
  t.true(cut.length > 1);
  t.is(cut.join(''), hash);
});

test('a character without a glyph is refused by name, never drawn as a box', async (t) => {
  for (const rare of ['𠮷', '\u{1F600}', '\u202e', '\ue000', '\u200b']) {
    const error = await t.throwsAsync(
      renderAwardNotice({ ...awardNotice, winner: `青岛${rare}海公司` }, { demo: true }),
      { instanceOf: DomainError, code: 'E_GLYPH_MISSING' },
    );
    t.is(
      (error as DomainError).params['codePoint'],
      `U+${rare.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`,
    );
  }
  await t.throwsAsync(renderGuaranteeCertificate({ ...guarantee, number: '保函\t1' }, { demo: true }), {
    instanceOf: DomainError,
    code: 'E_GLYPH_MISSING',
  });
});
