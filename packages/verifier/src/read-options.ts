import { DomainError, parseInstant, systemClock } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { crlsFromPem, localTsaPolicy, parseCrl } from '@qej/pki';
import type { Certificate } from '@qej/pki';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { refuse } from './codes.ts';
import { readCertificates } from './policy.ts';
import type { VerifyPolicy } from './policy.ts';

export const usage = `用法 Usage: ./qej verify FILE… --roots FILE|DIR [--witness VKEY]… [--json]
  --roots PATH              信任的根证书（PEM/DER 文件或目录） root certificates that you trust; may be repeated
  --witness VKEY            见证人公钥 verifier key of a witness; may be repeated
  --independent-witness VKEY  您认定独立的见证人 a witness that somebody else runs, as you know
  --quorum N                至少几位见证人（默认：指定了即为 1） how many must have signed (1 once any is named)
  --log VKEY                日志公钥 verifier key of the log
  --lists PATH              吊销列表（回执、PDF、证书用） revocation lists for receipts, PDFs and certificates
  --tsa-policy OID          认可的时间戳策略 accepted time-stamp policy; may be repeated
  --at INSTANT              核验时点（默认现在） time of the verification, now unless told
  --extract DIR             另把档案成员写入目录 also write the members of an archive into a directory
  --json                    机器可读 for programs
退出码 Exit: 0 通过 passed, 1 不通过 refused, 2 用法 usage`;

export interface VerifyOptions {
  readonly files: readonly string[];
  readonly policy: VerifyPolicy;
  readonly at: Instant;
  readonly json: boolean;
  readonly extract: string | undefined;
}

function filesUnder(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })) return refuse('E_VERIFY_INPUT', `${path} is not there`);
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /[.](?:pem|cer|crt|der)$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

const isList = (bytes: Uint8Array): boolean => String.fromCharCode(...bytes.subarray(0, 20)).includes('X509 CRL');
const isRoot = ({ subject, issuer, isCa }: Certificate): boolean =>
  isCa && Buffer.compare(subject.der, issuer.der) === 0;

/** Self-signed authorities are roots, others help to build chains; lists are lists, by their PEM label. */
function readTrustFiles(paths: readonly string[], lists: readonly string[]) {
  const files = paths.flatMap(filesUnder).map((path) => readFileSync(path));
  const certificates = files.filter((bytes) => !isList(bytes)).flatMap(readCertificates);
  const crls = [...files.filter(isList), ...lists.flatMap(filesUnder).map((path) => readFileSync(path))];
  return {
    roots: certificates.filter(isRoot).map(({ der }) => der),
    intermediates: certificates.filter((one) => !isRoot(one)).map(({ der }) => der),
    crls: crls
      .flatMap((bytes) => (isList(bytes) ? crlsFromPem(bytes.toString('ascii')) : [parseCrl(bytes)]))
      .map(({ der }) => der),
  };
}

const options = {
  roots: { type: 'string', multiple: true },
  witness: { type: 'string', multiple: true },
  'independent-witness': { type: 'string', multiple: true },
  quorum: { type: 'string' },
  log: { type: 'string' },
  lists: { type: 'string', multiple: true },
  'tsa-policy': { type: 'string', multiple: true },
  at: { type: 'string' },
  extract: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** @throws DomainError `E_VERIFY_INPUT` with what is wrong and how to mend it */
export function readOptions(args: readonly string[]): VerifyOptions {
  const { values, positionals } = parse(args);
  if (positionals.length === 0) refuse('E_VERIFY_INPUT', 'no file is named');
  const given = [
    ...(values.witness ?? []).map((vkey) => ({ vkey, independent: false })),
    ...(values['independent-witness'] ?? []).map((vkey) => ({ vkey, independent: true })),
  ];
  const quorum = values.quorum === undefined ? Math.min(1, given.length) : Number(values.quorum);
  return {
    files: positionals,
    policy: {
      ...readTrustFiles(values.roots ?? [], values.lists ?? []),
      witnesses: given,
      quorum,
      tsaPolicies: values['tsa-policy'] ?? [localTsaPolicy],
      ...(values.log === undefined ? {} : { logKey: values.log }),
    },
    at: values.at === undefined ? systemClock.now() : parseInstant(values.at),
    json: values.json === true,
    extract: values.extract,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new DomainError('E_VERIFY_INPUT', { detail: cause instanceof Error ? cause.message : 'arguments', cause });
  }
}
