import { readFileSync } from 'node:fs';
import test from 'ava';
import { parseInstant, toHex } from '@qej/kernel';
import { loginBytes, purposeBytes, purposes } from './index.ts';

interface Vectors {
  readonly login: {
    readonly challenge: { readonly origin: string; readonly nonce: string; readonly expiresAt: string };
    readonly signedBytes: string;
  };
  readonly contentTypes: Readonly<Record<string, string>>;
}

test('docs/formats/vectors/signatures.json is what the code does', (t) => {
  const path = new URL('../../../docs/formats/vectors/signatures.json', import.meta.url);
  const { login, contentTypes } = JSON.parse(readFileSync(path, 'utf8')) as Vectors; // our own file
  const challenge = { ...login.challenge, expiresAt: parseInstant(login.challenge.expiresAt) };
  t.is(toHex(purposeBytes('qej-login/1', loginBytes(challenge))), login.signedBytes);
  t.deepEqual(contentTypes, Object.fromEntries(purposes.map(({ purpose, eContentType }) => [purpose, eContentType])));
});
