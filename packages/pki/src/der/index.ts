export { DerFields, TAG, onlyChild, readDer, refuseDer } from './read.ts';
export type { DerNode } from './read.ts';
export { derBits, derBoolean, derIntegerBytes, derNamedBits, derOctets, derOid, derSmall, derText, derTime, derUnsigned, derWrapped } from './values.ts';
export { bitString, bmpString, boolean, context, contextPrimitive, generalizedTime, ia5String, integer, namedBits, nullValue, octetString, oid, printableString, sequence, setOf, time, tlv, utf8String } from './write.ts';
