import type { PDFDocumentLoadingTask } from 'pdfjs-dist';

type Kind = 'cMapUrl' | 'standardFontDataUrl' | 'wasmUrl';
const urls = import.meta.glob<string>(
  [
    '/node_modules/pdfjs-dist/cmaps/*.bcmap',
    '/node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}',
    '/node_modules/pdfjs-dist/wasm/{jbig2,openjpeg,qcms_bg}.wasm',
  ],
  { query: '?url', import: 'default', eager: true },
);
const [workerUrl = ''] = Object.values(
  import.meta.glob<string>('/node_modules/pdfjs-dist/build/pdf.worker.min.mjs', {
    query: '?url',
    import: 'default',
    eager: true,
  }),
);
const folders: Readonly<Record<Kind, string>> = {
  cMapUrl: 'cmaps',
  standardFontDataUrl: 'standard_fonts',
  wasmUrl: 'wasm',
};

/** Gives pdf.js its maps of Chinese characters, fonts and decoders from our own origin. */
class OwnBinaryData {
  async fetch({ kind, filename }: { readonly kind: Kind; readonly filename: string }): Promise<Uint8Array> {
    const url = urls[`/node_modules/pdfjs-dist/${folders[kind]}/${filename}`];
    if (url === undefined) throw new Error(`no ${kind} named ${filename}`);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${filename}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

/** pdf.js itself is loaded with the first document. */
export async function loadPdf(bytes: Uint8Array): Promise<PDFDocumentLoadingTask> {
  const { getDocument, GlobalWorkerOptions } = await import('pdfjs-dist');
  GlobalWorkerOptions.workerSrc = workerUrl;
  return getDocument({
    data: new Uint8Array(bytes),
    useWorkerFetch: false,
    BinaryDataFactory: OwnBinaryData,
    enableXfa: false,
    // The page's policy forbids compiled code.
    isEvalSupported: false,
  } as Parameters<typeof getDocument>[0]);
}
