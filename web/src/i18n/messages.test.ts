import test from 'ava';
import { areas } from './areas.ts';

const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();

test('every text is there in both languages, with the same values in it', (t) => {
  let count = 0;
  for (const [area, { zh, en }] of Object.entries(areas)) {
    const english: Readonly<Record<string, string>> = en;
    for (const [key, text] of Object.entries(zh)) {
      const translation = english[key] ?? '';
      t.true(text !== '' && translation !== '', `${area}.${key} is empty`);
      t.deepEqual(placeholders(translation), placeholders(text), `${area}.${key}`);
      count++;
    }
  }
  t.true(count > 500);
});

test('Chinese texts are Chinese, English ones hold no Chinese', (t) => {
  for (const [area, { en }] of Object.entries(areas))
    for (const [key, text] of Object.entries(en))
      if (key !== 'otherLanguage') t.notRegex(text, /\p{Script=Han}/u, `${area}.${key}`);
});
