import { DerFields, TAG, derOid, derText, oid, printableString, sequence, setOf, utf8String } from './der/index.ts';
import type { DerNode } from './der/index.ts';
import { OID } from './oids.ts';
import { refuse } from './refuse.ts';

/** A distinguished name. `der` is what issuer and subject are compared by. */
export interface DistinguishedName {
  readonly der: Uint8Array;
  readonly commonName?: string;
  readonly organization?: string;
  readonly unit?: string;
  readonly country?: string;
  readonly province?: string;
  readonly locality?: string;
  /** A person's or server's number inside the organisation. */
  readonly serialNumber?: string;
  /** 统一社会信用代码, 18 characters, from organizationIdentifier "USCC-…". */
  readonly uscc?: string;
}

type NameField = 'commonName' | 'organization' | 'unit' | 'country' | 'province' | 'locality' | 'serialNumber';
export type NameInput = { readonly [Field in NameField | 'uscc']?: string | undefined };

const fieldOids: Readonly<Record<NameField, string>> = {
  country: OID.country,
  province: OID.province,
  locality: OID.locality,
  organization: OID.organization,
  unit: OID.unit,
  serialNumber: OID.serialNumber,
  commonName: OID.commonName,
};
const fields = Object.keys(fieldOids) as NameField[]; // keys of the literal above
const USCC_PREFIX = 'USCC-';
/** GB 32100-2015: 18 digits and capital letters without I, O, S, V, Z. */
const USCC = /^[0-9A-HJ-NP-RTUW-Y]{18}$/;

export function parseName(node: DerNode): DistinguishedName {
  const found: Partial<Record<NameField | 'uscc', string>> = {};
  const rdns = new DerFields(node);
  while (rdns.more) {
    const set = new DerFields(rdns.next(TAG.set), TAG.set);
    do {
      const pair = new DerFields(set.next(TAG.sequence));
      const dotted = derOid(pair.next(TAG.oid));
      const value = pair.any();
      pair.end();
      const field = fields.find((name) => fieldOids[name] === dotted);
      if (field !== undefined) {
        if (found[field] !== undefined && field !== 'unit') refuse('E_CERT_FORMAT', `name has ${field} twice`);
        found[field] ??= derText(value);
      } else if (dotted === OID.organizationIdentifier) {
        const text = derText(value);
        if (found.uscc !== undefined) refuse('E_CERT_FORMAT', 'name has two organisation identifiers');
        if (text.startsWith(USCC_PREFIX)) found.uscc = text.slice(USCC_PREFIX.length);
      }
    } while (set.more);
  }
  if (found.uscc !== undefined && !USCC.test(found.uscc)) refuse('E_CERT_FORMAT', 'USCC is malformed');
  return { der: node.bytes, ...found };
}

/** Writes a name in the fixed order C, ST, L, O, organizationIdentifier, OU, serialNumber, CN. */
export function encodeName(name: NameInput): Uint8Array<ArrayBuffer> {
  if (name.uscc !== undefined && !USCC.test(name.uscc)) refuse('E_CERT_FORMAT', 'USCC is malformed');
  const rdn = (dotted: string, value: Uint8Array): Uint8Array => setOf(sequence(oid(dotted), value));
  const parts: Uint8Array[] = [];
  for (const field of fields) {
    const text = name[field];
    if (text !== undefined)
      parts.push(
        rdn(
          fieldOids[field],
          field === 'country' || field === 'serialNumber' ? printableString(text) : utf8String(text),
        ),
      );
    if (field === 'organization' && name.uscc !== undefined)
      parts.push(rdn(OID.organizationIdentifier, utf8String(USCC_PREFIX + name.uscc)));
  }
  return sequence(...parts);
}
