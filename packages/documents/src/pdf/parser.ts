import { type PdfDict, type PdfObject, structureRefusal } from './objects.ts';

const SPACE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITERS = new Set(Array.from('()<>[]{}/%', (character) => character.charCodeAt(0)));
const MAX_DEPTH = 40;
const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12, '(': 40, ')': 41, '\\': 92 };

/** A reader over the bytes of one PDF. Refuses what has two meanings: duplicate keys, odd hex digits, endless nesting. */
export class PdfParser {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  #code(at = this.at): number {
    return this.bytes[at] ?? -1;
  }

  skipSpace(): void {
    for (;;) {
      const code = this.#code();
      if (SPACE.has(code)) this.at += 1;
      else if (code === 0x25)
        while (this.at < this.bytes.length && this.#code() !== 10 && this.#code() !== 13) this.at += 1;
      else return;
    }
  }

  /** A run of regular characters: a keyword, a number, the text of a name. */
  word(): string {
    const start = this.at;
    while (this.at < this.bytes.length && !SPACE.has(this.#code()) && !DELIMITERS.has(this.#code())) this.at += 1;
    if (this.at - start > 4096) throw structureRefusal('token too long');
    return String.fromCharCode(...this.bytes.subarray(start, this.at));
  }

  expect(keyword: string): void {
    this.skipSpace();
    const found = this.word();
    if (found !== keyword) throw structureRefusal(`expected ${keyword} at ${this.at}`);
  }

  integer(): number {
    this.skipSpace();
    const text = this.word();
    if (!/^\d{1,12}$/.test(text)) throw structureRefusal(`expected an integer at ${this.at}`);
    return Number(text);
  }

  object(depth = 0): PdfObject {
    if (depth > MAX_DEPTH) throw structureRefusal('nested too deeply');
    this.skipSpace();
    const code = this.#code();
    if (code === 0x2f) return this.#name();
    if (code === 0x28) return this.#literal();
    if (code === 0x5b) return this.#array(depth);
    if (code === 0x3c) return this.#code(this.at + 1) === 0x3c ? this.#dict(depth) : this.#hex();
    return this.#scalar();
  }

  #name(): PdfObject {
    this.at += 1;
    const raw = this.word();
    return {
      kind: 'name',
      value: raw.replace(/#([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    };
  }

  #scalar(): PdfObject {
    const start = this.at;
    const text = this.word();
    if (text === 'true' || text === 'false') return text === 'true';
    if (text === 'null') return null;
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) throw structureRefusal(`unexpected token at ${start}`);
    if (!/^\d+$/.test(text)) return Number(text);
    const after = this.at;
    this.skipSpace();
    const generation = this.word();
    if (/^\d{1,5}$/.test(generation)) {
      this.skipSpace();
      if (this.word() === 'R') return { kind: 'ref', number: Number(text), generation: Number(generation) };
    }
    this.at = after;
    return Number(text);
  }

  #array(depth: number): PdfObject {
    this.at += 1;
    const items: PdfObject[] = [];
    for (;;) {
      this.skipSpace();
      if (this.#code() === 0x5d) break;
      if (this.at >= this.bytes.length) throw structureRefusal('unclosed array');
      items.push(this.object(depth + 1));
    }
    this.at += 1;
    return items;
  }

  #dict(depth: number): PdfDict {
    this.at += 2;
    const entries = new Map<string, PdfObject>();
    for (;;) {
      this.skipSpace();
      if (this.#code() === 0x3e && this.#code(this.at + 1) === 0x3e) break;
      if (this.#code() !== 0x2f) throw structureRefusal(`expected a key at ${this.at}`);
      const key = this.#name() as { value: string }; // #name always makes a name
      if (entries.has(key.value)) throw structureRefusal(`duplicate key ${key.value}`);
      entries.set(key.value, this.object(depth + 1));
    }
    this.at += 2;
    return { kind: 'dict', entries };
  }

  #hex(): PdfObject {
    const start = this.at;
    const close = this.bytes.indexOf(0x3e, start);
    if (close < 0) throw structureRefusal('unclosed hex string');
    const text = Buffer.from(this.bytes.subarray(start + 1, close))
      .toString('latin1')
      .replace(/[\x00\t\n\f\r ]/g, '');
    if (!/^(?:[0-9A-Fa-f]{2})*$/.test(text)) throw structureRefusal(`bad hex string at ${start}`);
    this.at = close + 1;
    return { kind: 'string', bytes: Buffer.from(text, 'hex'), start, end: this.at };
  }

  #literal(): PdfObject {
    const start = this.at;
    const out: number[] = [];
    let open = 0;
    for (;;) {
      const code = this.#code();
      if (code < 0) throw structureRefusal('unclosed string');
      this.at += 1;
      if (code === 0x28) open += 1;
      if (code === 0x29) open -= 1;
      if (open === 0) break;
      if (code === 0x5c) this.#escape(out);
      else if (!(code === 0x28 && open === 1 && this.at === start + 1)) out.push(code);
    }
    return { kind: 'string', bytes: Uint8Array.from(out), start, end: this.at };
  }

  #escape(out: number[]): void {
    const digits = /^[0-7]{1,3}/.exec(String.fromCharCode(...this.bytes.subarray(this.at, this.at + 3)))?.[0];
    if (digits !== undefined) {
      this.at += digits.length;
      out.push(Number.parseInt(digits, 8) & 255);
      return;
    }
    const character = String.fromCharCode(this.#code());
    this.at += 1;
    if (character === '\r' && this.#code() === 10) this.at += 1;
    if (character !== '\r' && character !== '\n') out.push(ESCAPES[character] ?? character.charCodeAt(0));
  }
}
