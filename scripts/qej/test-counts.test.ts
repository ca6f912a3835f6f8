import test from 'ava';
import { closingLine, countsOf } from './test-counts.ts';

test("ava's summary is summed over several runs, exceptions count as failures", (t) => {
  const output = '  ✔ a\n\n  12 tests passed\n  ─\n\n  3 tests failed\n  1 uncaught exception\n  1 test passed\n';
  t.deepEqual(countsOf(output, 1), { passed: 13, failed: 4 });
});

test('where ava names no passed tests, because one failed, its ticks count', (t) => {
  t.deepEqual(countsOf('  ✔ a\n  ✔ b (3s)\n  ✘ c\n  ─\n\n  1 test failed\n', 1), { passed: 2, failed: 1 });
});

test('our own closing line wins over what was printed before it', (t) => {
  t.deepEqual(countsOf('  9 tests passed\n40 passed, 2 failed\n', 1), { passed: 40, failed: 2 });
});

test('a program that counts nothing is one check', (t) => {
  t.deepEqual(countsOf('fine\n', 0), { passed: 1, failed: 0 });
  t.deepEqual(countsOf('', 7), { passed: 0, failed: 1 });
});

test('an exit code other than 0 is never without a failure', (t) => {
  t.deepEqual(countsOf('5 passed, 0 failed\n', 1), { passed: 5, failed: 1 });
});

test('colours do not hide a summary', (t) => {
  t.is(closingLine(countsOf('  \u001B[32m7 tests passed\u001B[39m\n', 0)), '7 passed, 0 failed');
});
