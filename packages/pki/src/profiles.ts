import type { KeyUsage } from './key-usage.ts';
import { OID, qejArc } from './oids.ts';

/** The issuing authorities of the local hierarchy. */
export type IssuerName = 'bidders' | 'experts' | 'offices' | 'banks' | 'platform' | 'tsa';

/** Who a person or organisation is; each gets two certificates, `<role>-sign` and `<role>-encrypt`. */
export type SubjectRole =
  | 'bidder'
  | 'expert'
  | 'agency'
  | 'tenderee'
  | 'supervisor'
  | 'operator'
  | 'witness'
  | 'holder'
  | 'bank-clerk';

export type ProfileName =
  | 'root'
  | 'issuing'
  | `${SubjectRole}-sign`
  | `${SubjectRole}-encrypt`
  | 'platform-seal'
  | 'bank-seal'
  | 'tsa'
  | 'tls-server';

export interface CertificateProfile {
  readonly name: ProfileName;
  /** certificatePolicies OID. */
  readonly policy: string;
  readonly zh: string;
  readonly en: string;
  readonly issuer: IssuerName | 'root' | 'self';
  readonly keyUsage: readonly KeyUsage[];
  readonly eku: readonly string[];
  readonly isEkuCritical: boolean;
  /** Keys that the authority accepts. */
  readonly keys: readonly ('rsa-4096' | 'rsa-3072' | 'p-256')[];
  readonly validityDays: number;
}

const roles: readonly { role: SubjectRole; issuer: IssuerName; zh: string; en: string }[] = [
  { role: 'bidder', issuer: 'bidders', zh: '投标人', en: 'Bidder' },
  { role: 'expert', issuer: 'experts', zh: '评标专家', en: 'Expert' },
  { role: 'agency', issuer: 'offices', zh: '招标代理机构', en: 'Agency' },
  { role: 'tenderee', issuer: 'offices', zh: '招标人', en: 'Tenderee' },
  { role: 'supervisor', issuer: 'offices', zh: '行政监督人员', en: 'Supervisor' },
  { role: 'operator', issuer: 'offices', zh: '平台运行人员', en: 'Operator' },
  { role: 'witness', issuer: 'offices', zh: '见证人员', en: 'Venue witness' },
  { role: 'holder', issuer: 'offices', zh: '开标密钥保管人', en: 'Key holder' },
  { role: 'bank-clerk', issuer: 'banks', zh: '银行经办人', en: 'Bank clerk' },
];

const signing = [OID.clientAuth, OID.emailProtection, OID.documentSigning];
const sealing = [OID.emailProtection, OID.documentSigning];

type Row = Omit<CertificateProfile, 'policy'>;

const roleRows = roles.flatMap(({ role, issuer, zh, en }): Row[] => [
  {
    name: `${role}-sign`,
    zh: `${zh}签名证书`,
    en: `${en}, signing`,
    issuer,
    keyUsage: ['digitalSignature', 'contentCommitment'],
    eku: signing,
    isEkuCritical: false,
    keys: ['p-256', 'rsa-3072'],
    validityDays: 730,
  },
  {
    name: `${role}-encrypt`,
    zh: `${zh}加密证书`,
    en: `${en}, encryption`,
    issuer,
    keyUsage: ['keyAgreement'],
    eku: [],
    isEkuCritical: false,
    keys: ['p-256'],
    validityDays: 730,
  },
]);

const rows: readonly Row[] = [
  {
    name: 'root',
    zh: '根证书',
    en: 'Root',
    issuer: 'self',
    keyUsage: ['keyCertSign', 'cRLSign'],
    eku: [],
    isEkuCritical: false,
    keys: ['rsa-4096'],
    validityDays: 7300,
  },
  {
    name: 'issuing',
    zh: '签发机构证书',
    en: 'Issuing authority',
    issuer: 'root',
    keyUsage: ['keyCertSign', 'cRLSign'],
    eku: [],
    isEkuCritical: false,
    keys: ['rsa-4096'],
    validityDays: 3650,
  },
  {
    name: 'platform-seal',
    zh: '平台签章证书',
    en: 'Platform seal',
    issuer: 'platform',
    keyUsage: ['digitalSignature', 'contentCommitment'],
    eku: sealing,
    isEkuCritical: false,
    keys: ['p-256', 'rsa-3072'],
    validityDays: 1095,
  },
  {
    name: 'bank-seal',
    zh: '银行签章证书',
    en: 'Bank seal',
    issuer: 'banks',
    keyUsage: ['digitalSignature', 'contentCommitment'],
    eku: sealing,
    isEkuCritical: false,
    keys: ['p-256', 'rsa-3072'],
    validityDays: 1095,
  },
  {
    name: 'tsa',
    zh: '时间戳证书',
    en: 'Time stamp authority',
    issuer: 'tsa',
    keyUsage: ['digitalSignature'],
    eku: [OID.timeStamping],
    isEkuCritical: true,
    keys: ['p-256', 'rsa-3072'],
    validityDays: 1825,
  },
  {
    name: 'tls-server',
    zh: '服务器证书',
    en: 'TLS server',
    issuer: 'platform',
    keyUsage: ['digitalSignature'],
    eku: [OID.serverAuth],
    isEkuCritical: false,
    keys: ['p-256'],
    validityDays: 390,
  },
  ...roleRows,
];

/** Numbers follow the order above; new profiles are appended. */
export const certificateProfiles: readonly CertificateProfile[] = rows.map((row, index) => ({
  ...row,
  policy: `${qejArc}.3.${index + 1}`,
}));

const byName = new Map(certificateProfiles.map((profile) => [profile.name, profile]));
const byPolicy = new Map(certificateProfiles.map((profile) => [profile.policy, profile.name]));

export function getProfile(name: ProfileName): CertificateProfile {
  const profile = byName.get(name);
  if (profile === undefined) throw new Error(`no certificate profile ${name}`);
  return profile;
}

/** The one profile that the policies name; undefined for none or several. */
export function profileOfPolicies(policies: readonly string[]): ProfileName | undefined {
  const [only, ...others] = policies.map((policy) => byPolicy.get(policy)).filter((name) => name !== undefined);
  return others.length === 0 ? only : undefined;
}
