import test from 'ava';
import { DomainError, utf8 } from '@qej/kernel';
import { at, guarantee, openingRecord } from './fixtures.ts';
import { evaluationReport } from './fixtures-evaluation.ts';
import {
  completeSignature,
  prepareSignature,
  readSignatures,
  renderEvaluationReport,
  renderGuaranteeCertificate,
  type SignatureRequest,
  verifyPdf,
} from './index.ts';
import { makeAuthority, pdfsig, qpdfCheck, sign, type TestAuthority, verifierFor } from './test-authority.ts';

let authority: TestAuthority;
let report: Uint8Array;
let certificate: Uint8Array;

const bankSeal = (ca: TestAuthority): SignatureRequest => ({
  fieldName: 'guarantor',
  signerName: guarantee.guarantor.name,
  reason: '开立投标保函',
  location: '青岛',
  at: at(0),
  certify: 1,
  dss: { certs: [ca.root.der, ca.issuing.der], crls: [ca.crl] },
  visible: {
    place: { anchor: 'guarantor-seal' },
    look: { kind: 'seal', organisation: guarantee.guarantor.name, caption: '保函专用章' },
  },
});

const expertRequest = (index: number, name: string): SignatureRequest => ({
  fieldName: `expert-${index}`,
  signerName: name,
  reason: '签署评标报告',
  at: at(index),
  visible: { place: { anchor: `expert-${index}` }, look: { kind: 'person', name, at: at(index) } },
});

const NAMES = ['陈建国', '刘洋', '欧阳文静', '黄海', '周敏'];

test.before(async () => {
  authority = await makeAuthority();
  const unsigned = await renderGuaranteeCertificate(guarantee, { demo: true });
  certificate = await sign(unsigned, bankSeal(authority), await authority.enrol(guarantee.guarantor.name, 'bank-seal'));
  report = await renderEvaluationReport(evaluationReport, { demo: true });
  for (const [index, name] of NAMES.entries())
    report = await sign(report, expertRequest(index + 1, name), await authority.enrol(name, 'expert-sign'));
  const host = { fieldName: 'agency', signerName: openingRecord.host, reason: '归档', at: at(9) };
  report = await sign(report, host, await authority.enrol('代理机构', 'agency-sign'));
});

test('pdfsig calls a certified guarantee valid and trusted, and all of it signed', (t) => {
  const said = pdfsig(certificate, authority.root);
  t.regex(said, /Signature is Valid\./);
  t.regex(said, /Certificate is Trusted\./);
  t.regex(said, /Total document signed/);
  t.regex(said, /ETSI\.CAdES\.detached/);
});

test('pdfsig calls five members and the agency on one report valid and trusted, each of them', (t) => {
  const said = pdfsig(report, authority.root);
  t.is(said.match(/Signature is Valid\./g)?.length, 6, said);
  t.is(said.match(/Certificate is Trusted\./g)?.length, 6, said);
});

test('qpdf finds nothing to complain about in signed files', (t) => {
  for (const pdf of [certificate, report]) t.notRegex(qpdfCheck(pdf), /WARNING|error:/i);
});

test('a certified guarantee verifies with level 1, the chain in its DSS and the whole file covered', async (t) => {
  const verdict = await verifyPdf(certificate, { verifyCms: verifierFor(authority.root) });
  t.deepEqual(verdict.failures, []);
  t.like(verdict.signatures[0], {
    fieldName: 'guarantor',
    valid: true,
    signer: guarantee.guarantor.name,
    certifyLevel: 1,
    coverage: 'whole-file',
    modifiedAfter: 'nothing',
  });
  t.true(verdict.valid);
  t.regex(Buffer.from(certificate).toString('latin1'), /^%PDF-2\.0[\s\S]*\/Type \/DSS[\s\S]*\/P 1\b/);
});

test('six approval signatures stay valid one after the other', async (t) => {
  const verdict = await verifyPdf(report, { verifyCms: verifierFor(authority.root) });
  t.deepEqual(verdict.failures, []);
  t.deepEqual(
    verdict.signatures.map(({ signer, modifiedAfter }) => [signer, modifiedAfter]),
    [...NAMES, '代理机构'].map((name, index) => [name, index === 5 ? 'nothing' : 'signatures']),
  );
  t.deepEqual(
    readSignatures(report).map(({ fieldName }) => fieldName),
    ['expert-1', 'expert-2', 'expert-3', 'expert-4', 'expert-5', 'agency'],
  );
});

test('the bytes before a signature are not touched by it', async (t) => {
  const unsigned = await renderGuaranteeCertificate(guarantee, { demo: true });
  t.true(Buffer.from(certificate).subarray(0, unsigned.length).equals(unsigned));
});

test('a signature under another root is told apart from a broken one', async (t) => {
  const other = await makeAuthority();
  const verdict = await verifyPdf(certificate, { verifyCms: verifierFor(other.root) });
  t.false(verdict.valid);
  t.like(verdict.signatures[0], { valid: false, modifiedAfter: 'nothing' });
});

test('nothing may be signed into a document certified with P=1', (t) => {
  t.throws(
    () =>
      prepareSignature(certificate, {
        ...expertRequest(1, '陈建国'),
        visible: { place: { page: 0, rect: [0, 0, 90, 40] }, look: { kind: 'person', name: '陈建国', at: at(0) } },
      }),
    { instanceOf: DomainError, code: 'E_PDF_SIGNATURE' },
  );
});

test('a field name, a second certification, an unknown place and a large CMS are refused', (t) => {
  t.throws(() => prepareSignature(report, expertRequest(1, '陈建国')), {
    instanceOf: DomainError,
    code: 'E_PDF_SIGNATURE',
  });
  t.throws(() => prepareSignature(report, { fieldName: 'new', signerName: 'x', reason: 'x', at: at(0), certify: 2 }), {
    instanceOf: DomainError,
    code: 'E_PDF_SIGNATURE',
  });
  t.throws(() => prepareSignature(report, { ...expertRequest(7, '陈建国') }), {
    instanceOf: DomainError,
    code: 'E_PDF_ANCHOR',
  });
  const { prepared, byteRange } = prepareSignature(report, {
    fieldName: 'new',
    signerName: 'x',
    reason: 'x',
    at: at(0),
    reserve: 1000,
  });
  t.throws(() => completeSignature(prepared, byteRange, new Uint8Array(1001).fill(0x30)), {
    instanceOf: DomainError,
    code: 'E_PDF_SIGNATURE',
  });
});

test('a file that is not a PDF of the strict kind is a verdict, not a crash', async (t) => {
  for (const bytes of [
    new Uint8Array(),
    utf8('%PDF-2.0\n'),
    utf8('hello'),
    certificate.subarray(0, certificate.length - 9),
  ]) {
    const verdict = await verifyPdf(bytes, { verifyCms: verifierFor(authority.root) });
    t.false(verdict.valid);
    t.regex(verdict.failures[0] ?? '', /E_PDF_/);
  }
});
