import test from 'ava';
import fc from 'fast-check';
import { type Instant } from '@qej/kernel';
import { at, guarantee } from './fixtures.ts';
import { evaluationReport } from './fixtures-evaluation.ts';
import {
  type PdfVerdict,
  readSignatures,
  renderEvaluationReport,
  renderGuaranteeCertificate,
  type SignatureRequest,
  verifyPdf,
} from './index.ts';
import { appendIncrement } from './pdf/increment.ts';
import { dict, isDict, isRef, name, type PdfObject, withEntries } from './pdf/objects.ts';
import { catalogOf, pageRefs, rootRef } from './pdf/pages.ts';
import { openPdf } from './pdf/revisions.ts';
import { makeAuthority, sign, type TestAuthority, verifierFor } from './test-authority.ts';

let authority: TestAuthority;
let certified: Uint8Array;
let approved: Uint8Array;

const person = (fieldName: string, when: Instant): SignatureRequest => ({
  fieldName,
  signerName: '陈建国',
  reason: '签署',
  at: when,
});
const verify = (pdf: Uint8Array): Promise<PdfVerdict<string>> =>
  verifyPdf(pdf, { verifyCms: verifierFor(authority.root) });

test.before(async () => {
  authority = await makeAuthority();
  const expert = await authority.enrol('陈建国', 'expert-sign');
  certified = await sign(
    await renderGuaranteeCertificate(guarantee, { demo: true }),
    { ...person('bank', at(0)), certify: 1 },
    expert,
  );
  approved = await sign(
    await renderEvaluationReport(evaluationReport, { demo: true }),
    person('expert-1', at(0)),
    expert,
  );
});

/** Adds a revision that changes the object of the given number. */
function tamper(
  pdf: Uint8Array,
  change: (file: ReturnType<typeof openPdf>) => readonly [number, PdfObject][],
): Uint8Array {
  const file = openPdf(pdf);
  return appendIncrement(file, new Map(change(file))).bytes;
}

const replaceContent = (pdf: Uint8Array): Uint8Array =>
  tamper(pdf, (file) => {
    const page = file.lookup(pageRefs(file)[0] ?? rootRef(file));
    const contents = isDict(page) ? page.entries.get('Contents') : undefined;
    const target = Array.isArray(contents) ? (contents[0] as PdfObject) : (contents ?? null);
    if (!isRef(target)) throw new Error('fixture without content stream');
    return [[target.number, { kind: 'stream', dict: dict({}), bytes: Buffer.from('0 0 595 842 re f') }]];
  });

test('an incremental save that replaces the page is refused although each CMS still verifies', async (t) => {
  for (const pdf of [certified, approved]) {
    const verdict = await verify(replaceContent(pdf));
    t.false(verdict.valid);
    t.like(verdict.signatures[0], { valid: true, modifiedAfter: 'changed', coverage: 'revision' });
  }
});

test('an incremental save that replaces the page and is signed again does not become an approval', async (t) => {
  const verdict = await verify(
    await sign(replaceContent(approved), person('expert-2', at(1)), await authority.enrol('刘洋', 'expert-sign')),
  );
  t.false(verdict.valid);
  t.is(verdict.signatures[0]?.modifiedAfter, 'changed');
});

test('an empty revision after a certified document is refused', async (t) => {
  const verdict = await verify(tamper(certified, (file) => [[rootRef(file).number, catalogOf(file)]]));
  t.false(verdict.valid);
  t.is(verdict.signatures[0]?.modifiedAfter, 'changed');
});

test('a later signature whose picture lies upon the text is refused', async (t) => {
  const over: SignatureRequest = {
    ...person('expert-2', at(1)),
    visible: { place: { page: 0, rect: [60, 300, 500, 700] }, look: { kind: 'person', name: '刘洋', at: at(1) } },
  };
  const verdict = await verify(await sign(approved, over, await authority.enrol('刘洋', 'expert-sign')));
  t.false(verdict.valid);
  t.regex(verdict.failures.join(), /outside the places/);
});

test('a removed signature field, a removed page, an added action are refused', async (t) => {
  const withoutForm = tamper(approved, (file) => [
    [rootRef(file).number, withEntries(catalogOf(file), { AcroForm: dict({ Fields: [], SigFlags: 3 }) })],
  ]);
  t.deepEqual((await verify(withoutForm)).failures, ['no signature']);
  const action = dict({ S: name('JavaScript') });
  const acting = tamper(approved, (file) => [
    [rootRef(file).number, withEntries(catalogOf(file), { OpenAction: action })],
  ]);
  t.regex((await verify(acting)).failures.join(), /active content/);
  const fewer = tamper(approved, (file) => {
    const pages = catalogOf(file).entries.get('Pages');
    if (!isRef(pages)) throw new Error('fixture without pages');
    const node = file.lookup(pages);
    if (!isDict(node)) throw new Error('fixture without pages');
    return [[pages.number, withEntries(node, { Kids: pageRefs(file).slice(0, 1), Count: 1 })]];
  });
  t.is((await verify(fewer)).signatures[0]?.modifiedAfter, 'changed');
});

/** Rewrites text of the same length in the last revision. */
function patch(pdf: Uint8Array, from: RegExp, to: (match: string) => string): Uint8Array {
  const text = Buffer.from(pdf).toString('latin1');
  const match = text.match(from)?.[0];
  if (match === undefined || to(match).length !== match.length) throw new Error('fixture does not match');
  return Buffer.from(
    text.replace(match, () => to(match)),
    'latin1',
  );
}

test('a ByteRange that leaves out more or less than its Contents is refused', async (t) => {
  const [, b, c, d] = readSignatures(certified)[0]?.byteRange ?? [0, 0, 0, 0];
  const ranges = [
    [0, b - 1, c, d],
    [0, b, c + 1, d - 1],
    [1, b, c, d],
    [0, b, c, d - 1],
    [0, c, b, d],
    [0, b, c - 2, d + 2],
    [0, b, c, d, 0],
  ];
  for (const range of ranges) {
    const forged = patch(certified, /\[0 \d+ \d+ \d+\] +/, (match) => `[${range.join(' ')}]`.padEnd(match.length));
    const verdict = await verify(forged);
    t.false(verdict.valid, range.join(' '));
    t.regex(verdict.failures[0] ?? '', /E_PDF_SIGNATURE/, range.join(' '));
  }
});

test('a second ByteRange or Contents in the dictionary is refused', async (t) => {
  const doubled = patch(certified, /\/Reason <[0-9a-f]+>/, (match) => `/Contents <00>`.padEnd(match.length));
  t.regex((await verify(doubled)).failures[0] ?? '', /E_PDF_STRUCTURE.*duplicate key/);
});

test('hybrid tables, encryption and bytes after the end are refused', async (t) => {
  const trailing = Buffer.concat([certified, Buffer.from('x')]);
  for (const pdf of [
    trailing,
    patch(certified, /\/Info \d+ 0 R/, (match) => '/XRefStm 9'.padEnd(match.length)),
    patch(certified, /\/Info \d+ 0 R/, (match) => '/Encrypt 9'.padEnd(match.length)),
  ]) {
    t.regex((await verify(pdf)).failures[0] ?? '', /E_PDF_STRUCTURE/);
  }
});

test('three hundred revisions are refused before they are read', async (t) => {
  let pdf = certified;
  for (let index = 0; index < 300; index++) {
    const file = { bytes: pdf, revisions: [lastRevision(pdf)] };
    pdf = appendIncrement({ ...openShell, ...file }, new Map([[1, null]])).bytes;
  }
  t.regex((await verify(pdf)).failures[0] ?? '', /too many revisions/);
});

const openShell = { lookup: (): null => null, resolve: (): null => null };

function lastRevision(pdf: Uint8Array): ReturnType<typeof openPdf>['revisions'][number] {
  const xrefAt = Number(/startxref\n(\d+)/.exec(Buffer.from(pdf.subarray(-40)).toString('latin1'))?.[1]);
  return {
    offsets: new Map(),
    trailer: dict({ Size: 500, Root: { kind: 'ref', number: 2, generation: 0 } }),
    xrefAt,
    end: pdf.length,
  };
}

test('any changed byte of a certified guarantee makes it invalid', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.nat(certified.length - 1), fc.integer({ min: 1, max: 255 }), async (position, mask) => {
      const forged = Uint8Array.from(certified);
      forged[position] = (forged[position] ?? 0) ^ mask;
      t.false((await verify(forged)).valid, `byte ${position} ^ ${mask}`);
    }),
    { numRuns: 150 },
  );
});
