import { readFileSync } from 'node:fs';
import test from 'ava';
import { OID, certificateProfiles } from '@qej/pki';

const page = readFileSync(new URL('../../../certs/README.md', import.meta.url), 'utf8');
const ekuNames: Readonly<Record<string, string>> = {
  [OID.clientAuth]: 'clientAuth',
  [OID.emailProtection]: 'emailProtection',
  [OID.documentSigning]: 'documentSigning',
  [OID.timeStamping]: 'timeStamping',
  [OID.serverAuth]: 'serverAuth',
};

test('certs/README.md says what the profiles are', (t) => {
  for (const { name, issuer, keys, keyUsage, eku, validityDays, policy } of certificateProfiles) {
    const [, role, kind] = /^(.+)-(sign|encrypt)$/.exec(name) ?? [];
    const row =
      page.split('\n').find((line) => line.startsWith(`| \`${role === undefined ? name : `…-${kind}`}\``)) ?? '';
    const number = policy.split('.').at(-1) ?? '';
    for (const usage of keyUsage) t.true(row.includes(usage), name);
    for (const purpose of eku) t.true(row.includes(ekuNames[purpose] ?? 'unknown'), name);
    for (const key of keys) t.true(row.includes(key.toUpperCase()), name);
    t.true(row.includes(`| ${validityDays} |`), name);
    if (role === undefined) t.true(row.includes(`| ${issuer} |`) && row.endsWith(`| .${number} |`), name);
    else t.regex(page, new RegExp(String.raw`${role} \S+ \(${issuer}, [./\d]*\.${number}\b`), name);
  }
});
