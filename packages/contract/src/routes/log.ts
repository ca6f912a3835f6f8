import * as z from 'zod';
import { byTender, pageOf, zBase64, zHash, zId, zInstant, zJson } from '../primitives.ts';
import { defineRoute, open, within } from '../route.ts';

export const zLogEntry = z.strictObject({
  seq: z.int(),
  type: z.string(),
  at: zInstant,
  tenderId: zId.optional(),
  commitment: zHash,
  salt: zHash.optional(),
  body: zJson.optional(),
});

export const logRoutes = {
  getCheckpoint: defineRoute({
    method: 'GET',
    path: '/log/checkpoint',
    summary: '检查点（含见证副签）· checkpoint with cosignatures',
    access: open,
    response: z.strictObject({
      note: z.string(),
      origin: z.string(),
      verifierKey: z.string(),
      witnesses: z.array(z.strictObject({ name: z.string(), verifierKey: z.string(), independent: z.boolean() })),
    }),
    errors: [],
  }),
  getTile: defineRoute({
    method: 'GET',
    path: '/log/tiles',
    summary: '日志瓦片 · a tile (C2SP tlog-tiles path)',
    access: open,
    query: z.strictObject({ path: z.string().max(120) }),
    bytesOut: { mediaType: 'application/octet-stream' },
    errors: ['E_NOT_FOUND'],
  }),
  listLogEntries: defineRoute({
    method: 'GET',
    path: '/log/entries',
    summary: '日志条目 · entries',
    access: open,
    query: z.strictObject({
      after: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(100).optional(),
      tenderId: zId.optional(),
    }),
    response: pageOf(zLogEntry),
    errors: [],
  }),
  getLogProof: defineRoute({
    method: 'GET',
    path: '/log/entries/:seq/proof',
    summary: '包含证明 · inclusion proof',
    access: open,
    params: z.strictObject({ seq: z.coerce.number().int().min(0) }),
    query: z.strictObject({ size: z.coerce.number().int().min(1).optional() }),
    response: z.strictObject({
      entry: zLogEntry,
      treeSize: z.int(),
      proof: z.array(zHash),
      checkpoint: z.string(),
    }),
    errors: ['E_NOT_FOUND'],
  }),
  getTrustRoots: defineRoute({
    method: 'GET',
    path: '/trust/roots',
    summary: '公开信任根 · public roots, TSA chain and CRLs',
    access: open,
    response: z.strictObject({
      roots: z.array(zBase64),
      intermediates: z.array(zBase64),
      crls: z.array(zBase64),
      tsaCertificates: z.array(zBase64),
      standIn: z.literal(true),
    }),
    errors: [],
  }),
  timestamp: defineRoute({
    method: 'POST',
    path: '/tsa',
    summary: 'RFC 3161 时间戳（替身）· time stamp (stand-in TSA)',
    access: open,
    bytesIn: { mediaType: 'application/timestamp-query', maxBytes: 4_096 },
    bytesOut: { mediaType: 'application/timestamp-reply' },
    errors: ['E_TSA_REQUEST'],
  }),
  getArchive: defineRoute({
    method: 'GET',
    path: '/tenders/:tenderId/archive',
    summary: '公开档案 · public archive',
    access: open,
    params: byTender,
    bytesOut: { mediaType: 'application/vnd.qingejian.archive' },
    errors: ['E_NOT_FOUND', 'E_STATE'],
  }),
  getFullArchive: defineRoute({
    method: 'GET',
    path: '/tenders/:tenderId/archive/full',
    summary: '完整档案（仅招标人与监督）· full archive',
    access: within('tender-participant', 'tenderee', 'supervisor', 'agency'),
    params: byTender,
    bytesOut: { mediaType: 'application/vnd.qingejian.archive' },
    errors: ['E_NOT_FOUND', 'E_STATE'],
  }),
};
