import test from 'ava';
import { parseCopy, parseDockerfile, parseEnv } from './dockerfile.ts';

test('stages, comments and continuation lines are read as Docker reads them', (t) => {
  const stages = parseDockerfile(
    '# head\nFROM debian:12 AS build\nRUN a \\\n  # why\n  && b\n\nFROM build\nUSER qej\n',
  );
  t.deepEqual(stages, [
    { base: 'debian:12', name: 'build', instructions: [{ keyword: 'RUN', rest: 'a    && b' }] },
    { base: 'build', name: '1', instructions: [{ keyword: 'USER', rest: 'qej' }] },
  ]);
});

test('an instruction before the first FROM is refused', (t) => {
  t.throws(() => parseDockerfile('RUN x\n'), { message: /begins with FROM/ });
});

test('COPY and ENV are taken apart', (t) => {
  t.deepEqual(parseCopy('--from=build --chown=qej /app /app'), {
    from: 'build',
    owner: 'qej',
    sources: ['/app'],
    target: '/app',
  });
  t.deepEqual(parseEnv('A="1 2"'), ['A', '1 2']);
  t.throws(() => parseCopy('/app'), { message: /a source and a target/ });
  t.throws(() => parseEnv('A=1 B=2'), { message: /one NAME=value/ });
});
