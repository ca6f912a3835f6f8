import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { instant } from '@qej/kernel';
import type { Clock, Instant } from '@qej/kernel';
import { getProfile, issueCertificate, parseCertificate, parsePublicKey } from '@qej/pki';
import type { Certificate, Crl, IssuerName, NameInput, ProfileName } from '@qej/pki';
import { openAuthority } from './authority.ts';
import type { Authority } from './authority.ts';
import { loadOrGenerateKey, spkiOf } from './keys.ts';
import { issuerKey } from './node-signer.ts';
import { createPrivate, makeDirectory, readIfPresent } from './private-files.ts';
import { refuse } from './refuse.ts';

export interface CaProgress {
  readonly done: number;
  readonly total: number;
  /** Which authority's key is ready. */
  readonly name: 'root' | IssuerName;
}

export interface LocalCaOptions {
  readonly directory: string;
  readonly clock: Clock;
  /** Where keys are kept or taken from, if not under `directory`: tests share one set of slow RSA keys. */
  readonly keyDirectory?: string;
  readonly onProgress?: (progress: CaProgress) => void;
}

export interface LeafRequest {
  readonly profile: Exclude<ProfileName, 'root' | 'issuing'>;
  readonly subject: NameInput;
  readonly spki: Uint8Array;
  readonly notAfter?: Instant;
  readonly hosts?: readonly string[];
}

/** RFC 5280 section 5.3.1. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
} as const;

export interface LocalCa {
  readonly root: Certificate;
  readonly issuers: Readonly<Record<IssuerName, Certificate>>;
  /** What `verifyChain` and `verifyCms` take. */
  readonly roots: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
  /** @throws DomainError `E_CA_KEY`, `E_CA_SUBJECT` */
  issue(request: LeafRequest): Promise<Certificate>;
  /** Publishes a new list at once. @throws DomainError `E_CA_UNKNOWN_CERTIFICATE` */
  revoke(certificate: Certificate, reason: keyof typeof revocationReasons): Promise<void>;
  /** Lists of every authority, each valid now; renewed at half their life. */
  crls(): Promise<readonly Crl[]>;
  /** New lists of every authority, now. */
  publishCrls(): Promise<readonly Crl[]>;
  /** The issuing certificates above a leaf, without the root. */
  chainOf(leaf: Certificate): readonly Certificate[];
}

const issuerTitles: Readonly<Record<IssuerName, string>> = {
  bidders: '投标人证书签发机构 Bidders CA',
  experts: '评标专家证书签发机构 Experts CA',
  offices: '招标采购机构证书签发机构 Offices CA',
  banks: '金融机构证书签发机构 Banks CA',
  platform: '平台证书签发机构 Platform CA',
  tsa: '时间戳证书签发机构 TSA CA',
};
const issuerNames = Object.keys(issuerTitles) as IssuerName[]; // keys of the literal above
const authorityNames: readonly ('root' | IssuerName)[] = ['root', ...issuerNames];
const subjectOf = (name: 'root' | IssuerName): NameInput => ({
  country: 'CN',
  organization: '青e见本地证书（演示） Qingejian local demo CA',
  commonName: name === 'root' ? '青e见本地根 Qingejian Local Root' : issuerTitles[name],
});

async function loadKeys(options: LocalCaOptions): Promise<ReadonlyMap<'root' | IssuerName, KeyObject>> {
  const directory = options.keyDirectory ?? join(options.directory, 'keys');
  await makeDirectory(directory);
  let done = 0;
  const entries = authorityNames.map(async (name): Promise<['root' | IssuerName, KeyObject]> => {
    const key = await loadOrGenerateKey(join(directory, `${name}.key.pem`), 'rsa-4096');
    options.onProgress?.({ done: ++done, total: authorityNames.length, name });
    return [name, key];
  });
  return new Map(await Promise.all(entries));
}

const wholeSecond = (at: Instant): Instant => instant(Math.floor(at / 1000) * 1000);

interface Signing {
  readonly key: KeyObject;
  readonly certificate?: Certificate;
}

async function loadCertificate(
  options: LocalCaOptions,
  name: 'root' | IssuerName,
  key: KeyObject,
  by: Signing,
): Promise<Certificate> {
  const path = join(options.directory, name, 'authority.cer');
  const present = await readIfPresent(path);
  if (present === undefined) {
    const notBefore = wholeSecond(options.clock.now());
    const request = {
      profile: name === 'root' ? 'root' : 'issuing',
      subject: subjectOf(name),
      spki: spkiOf(key),
      notBefore,
    } as const;
    await createPrivate(path, await issueCertificate(request, issuerKey(by.key, by.certificate)));
  }
  const der = present ?? (await readIfPresent(path)) ?? refuse('E_CA_STATE', 'certificate vanished');
  const certificate = parseCertificate(new Uint8Array(der));
  return Buffer.from(spkiOf(key)).equals(certificate.spki)
    ? certificate
    : refuse('E_CA_STATE', 'key and certificate of an authority differ');
}

function checkRequest({ profile: name, subject, spki, hosts }: LeafRequest): void {
  const profile = getProfile(name);
  const key = parsePublicKey(spki);
  const kind = key.kind === 'rsa' ? `rsa-${key.modulusBits}` : 'p-256';
  if (!profile.keys.some((allowed) => allowed === kind)) refuse('E_CA_KEY', `${name} does not allow ${kind}`);
  if (subject.commonName === undefined) refuse('E_CA_SUBJECT', 'common name is missing');
  if (name.endsWith('-seal') && (subject.organization === undefined || subject.uscc === undefined))
    refuse('E_CA_SUBJECT', 'a seal needs organisation and USCC');
  if ((name === 'tls-server') !== (hosts !== undefined))
    refuse('E_CA_SUBJECT', 'host names are for servers, and servers need them');
}

type Authorities = Readonly<Record<'root' | IssuerName, Authority>>;

async function openAuthorities(options: LocalCaOptions): Promise<Authorities> {
  const keys = await loadKeys(options);
  const keyOf = (name: 'root' | IssuerName): KeyObject => keys.get(name) ?? refuse('E_CA_STATE', 'key missing');
  const rootKey = keyOf('root');
  const open = async (name: 'root' | IssuerName, by: Signing): Promise<Authority> => {
    const directory = join(options.directory, name);
    await makeDirectory(directory);
    return openAuthority(directory, keyOf(name), await loadCertificate(options, name, keyOf(name), by));
  };
  const root = await open('root', { key: rootKey });
  const by = { key: rootKey, certificate: root.certificate };
  const issuing = await Promise.all(issuerNames.map(async (name) => [name, await open(name, by)] as const));
  return { root, ...(Object.fromEntries(issuing) as Record<IssuerName, Authority>) }; // one entry per name
}

/**
 * Opens the local certificate authority, or makes it: root → six issuing authorities, RSA-4096, keys in 0600 files.
 * For demonstrations and tests; it identifies nobody, and its screens and certificates say so.
 */
export async function openLocalCa(options: LocalCaOptions): Promise<LocalCa> {
  const { clock } = options;
  const { root, ...issuing } = await openAuthorities(options);
  const all = [root, ...Object.values(issuing)];
  const issuerOf = (leaf: Certificate): Authority | undefined =>
    Object.values(issuing).find(({ certificate }) => certificate.subjectKeyId === leaf.authorityKeyId);
  return {
    root: root.certificate,
    issuers: Object.fromEntries(issuerNames.map((name) => [name, issuing[name].certificate])) as Record<
      IssuerName,
      Certificate
    >, // one entry per name
    roots: [root.certificate],
    intermediates: Object.values(issuing).map(({ certificate }) => certificate),
    async issue(request) {
      checkRequest(request);
      const { issuer } = getProfile(request.profile);
      if (issuer === 'root' || issuer === 'self')
        return refuse('E_CA_SUBJECT', 'authorities are not issued on request');
      return issuing[issuer].issue({ ...request, notBefore: wholeSecond(clock.now()) });
    },
    async revoke(certificate, reason) {
      const authority = issuerOf(certificate);
      if (authority === undefined || !(await authority.hasIssued(certificate.serial))) {
        return refuse('E_CA_UNKNOWN_CERTIFICATE', 'this authority did not issue it');
      }
      await authority.lists.revoke(certificate.serial, revocationReasons[reason], clock.now());
    },
    crls: () => Promise.all(all.map(({ lists }) => lists.current(clock.now()))),
    publishCrls: () => Promise.all(all.map(({ lists }) => lists.publish(clock.now()))),
    chainOf: (leaf) => {
      const authority = issuerOf(leaf);
      return authority === undefined ? [] : [authority.certificate];
    },
  };
}
