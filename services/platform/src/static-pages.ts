import type { Middleware } from 'koa';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  json: 'application/json',
  woff2: 'font/woff2',
  wasm: 'application/wasm',
  bcmap: 'application/octet-stream',
  txt: 'text/plain; charset=utf-8',
};

interface Page {
  readonly bytes: Buffer;
  readonly type: string;
  readonly etag: string;
  readonly immutable: boolean;
}

export interface PagesOptions {
  /** Served for every path that is no file. */
  readonly index: string;
  /** A page of another origin. */
  readonly hidden: string;
  /** Placeholders in HTML files. */
  readonly replace: Readonly<Record<string, string>>;
}

function fill(bytes: Buffer, replace: Readonly<Record<string, string>>): Buffer {
  let text = bytes.toString('utf8');
  for (const [placeholder, value] of Object.entries(replace)) text = text.replaceAll(placeholder, value);
  return Buffer.from(text, 'utf8');
}

async function loadPages(directory: string, { hidden, replace }: PagesOptions): Promise<Map<string, Page>> {
  const pages = new Map<string, Page>();
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(directory, file).split(sep).join('/')}`;
    if (path === hidden) continue;
    const raw = await readFile(file);
    const bytes = entry.name.endsWith('.html') ? fill(raw, replace) : raw;
    pages.set(path, {
      bytes,
      type: TYPES[entry.name.slice(entry.name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 24)}"`,
      immutable: path.startsWith('/assets/'),
    });
  }
  return pages;
}

/** Serves a built web app from memory: strong ETags, immutable assets, every other path is the app itself. */
export async function staticPages(directory: string, options: PagesOptions): Promise<Middleware> {
  const pages = await loadPages(directory, options);
  const { index } = options;
  return (ctx) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return;
    const page = pages.get(ctx.path) ?? (/\.[a-z0-9]{2,5}$/i.test(ctx.path) ? undefined : pages.get(index));
    if (page === undefined) return;
    ctx.status = 200;
    ctx.set('etag', page.etag);
    ctx.set('cache-control', page.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (ctx.get('if-none-match') === page.etag) {
      ctx.status = 304;
      return;
    }
    ctx.type = page.type;
    ctx.body = page.bytes;
  };
}
