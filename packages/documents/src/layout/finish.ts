import { createHash } from 'node:crypto';
import { utf8 } from '@qej/kernel';
import { PDFArray, PDFDocument, type PDFFont, PDFHexString, PDFName, type PDFRef, PDFString } from 'pdf-lib';
import { alignedOp, COLORS, CONTENT_WIDTH, type Flow, lineOp, type Op, PAGE, type Picture, textOp } from './flow.ts';
import { type Face, fontkit, NO_FEATURES, subsetFace } from './fonts.ts';
import { play } from './paint.ts';

/** pdf-lib always writes 1.7; the length is the same. */
const HEADER = utf8('%PDF-2.0');
const DEMO = '演示规则，非法定期限 · demo rules, not the law';

function furniture(flow: Flow, page: number): Op[] {
  const { frame, titles } = flow;
  const top = PAGE.height - 50;
  const box = { x: PAGE.left, width: CONTENT_WIDTH };
  const small = { size: 8, color: COLORS.muted } as const;
  const ops: Op[] = [
    alignedOp(box, top, frame.platform, { size: 8, face: 'bold', color: COLORS.accent, align: 'left' }),
    alignedOp(box, top, `${titles.zh}  ${titles.en}`, { ...small, align: 'right' }),
    lineOp(PAGE.left, top - 7, PAGE.left + CONTENT_WIDTH, top - 7, COLORS.rule, 0.6),
    lineOp(PAGE.left, 52, PAGE.left + CONTENT_WIDTH, 52, COLORS.rule, 0.6),
    alignedOp(box, 40, `文件编号 Code ${frame.code}`, { ...small, align: 'left' }),
    alignedOp(box, 40, `第 ${page + 1} 页 / 共 ${flow.pages.length} 页  Page ${page + 1} of ${flow.pages.length}`, {
      ...small,
      align: 'right',
    }),
    textOp(PAGE.left, 29, `数据摘要 SHA-256 ${frame.dataHash}`, { size: 6.5, color: COLORS.muted }),
  ];
  if (!flow.demo) return ops;
  return [
    ...ops,
    { kind: 'rect', x: 0, y: PAGE.height - 30, width: PAGE.width, height: 30, fill: COLORS.amberTint },
    lineOp(0, PAGE.height - 30, PAGE.width, PAGE.height - 30, COLORS.seal, 1.5),
    alignedOp({ x: 0, width: PAGE.width }, PAGE.height - 19.5, DEMO, {
      size: 11,
      face: 'bold',
      color: COLORS.seal,
      align: 'center',
    }),
  ];
}

function characters(pages: readonly (readonly Op[])[], face: Face): Set<string> {
  const used = new Set<string>([' ']);
  for (const op of pages.flat())
    if (op.kind === 'text' && op.face === face) for (const character of op.text) used.add(character);
  return used;
}

async function embedFace(document: PDFDocument, face: Face, used: ReadonlySet<string>): Promise<PDFFont> {
  return document.embedFont(await subsetFace(face, used), { subset: false, features: NO_FEATURES });
}

function embedPicture({ context }: PDFDocument, { columns, rows, rgb: bytes }: Picture): PDFRef {
  const facts = {
    Type: 'XObject',
    Subtype: 'Image',
    Width: columns,
    Height: rows,
    ColorSpace: 'DeviceRGB',
    BitsPerComponent: 8,
  };
  return context.register(context.stream(bytes, facts));
}

function describe(document: PDFDocument, flow: Flow): void {
  const at = new Date(flow.frame.issuedAt);
  document.setTitle(`${flow.titles.zh} ${flow.titles.en} ${flow.frame.code}`, { showInWindowTitleBar: true });
  document.setAuthor(flow.frame.platform);
  document.setSubject(`SHA-256 ${flow.frame.dataHash}`);
  document.setProducer('QingEJian documents (pdf-lib)');
  document.setCreator(flow.frame.platform);
  document.setCreationDate(at);
  document.setModificationDate(at);
  document.setLanguage('zh-CN');
  const { context, catalog } = document;
  const shape = createHash('sha256')
    .update(JSON.stringify(flow.pages.map((page) => page.filter((op) => op.kind !== 'image'))))
    .digest('hex');
  const id = PDFHexString.of(shape.slice(0, 32));
  context.trailerInfo.ID = context.obj([id, id]);
  const anchors = PDFArray.withContext(context);
  for (const anchor of flow.anchors)
    anchors.push(
      context.obj([
        PDFString.of(anchor.name),
        anchor.page,
        ...anchor.rect.map((value) => Math.round(value * 100) / 100),
      ]),
    );
  catalog.set(PDFName.of('QEJAnchors'), anchors);
}

/**
 * Writes the pages: one subset per face, classic cross-reference table, header %PDF-2.0, no clock but `issuedAt`.
 * The same flow gives the same bytes.
 */
export async function finish(flow: Flow): Promise<Uint8Array> {
  const pages = flow.pages.map((ops, index) => [...ops, ...furniture(flow, index)]);
  const document = await PDFDocument.create({ updateMetadata: false });
  document.registerFontkit(fontkit);
  const fonts = {
    regular: await embedFace(document, 'regular', characters(pages, 'regular')),
    bold: await embedFace(document, 'bold', characters(pages, 'bold')),
  };
  const images = new Map<Picture, PDFRef>();
  for (const op of pages.flat())
    if (op.kind === 'image' && !images.has(op.picture)) images.set(op.picture, embedPicture(document, op.picture));
  for (const ops of pages) {
    const page = document.addPage([PAGE.width, PAGE.height]);
    for (const op of ops) play(page, op, { fonts, images });
  }
  describe(document, flow);
  const bytes = await document.save({ useObjectStreams: false, addDefaultPage: false, updateFieldAppearances: false });
  bytes.set(HEADER);
  return bytes;
}
