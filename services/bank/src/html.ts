/** Markup that is already escaped. */
export interface Markup {
  readonly html: string;
}
type Value = Markup | readonly Markup[] | string | number | undefined;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

function written(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  return 'html' in value ? value.html : value.map((part) => part.html).join('');
}

/** A template whose values are escaped unless they are markup. */
export const html = (strings: TemplateStringsArray, ...values: readonly Value[]): Markup => ({
  html: strings.reduce((text, part, i) => text + part + (i < values.length ? written(values[i]) : ''), ''),
});

/** Chinese first, English beside it. */
export const both = (zh: string, en: string): Markup => html`${zh} <span class="en" lang="en">${en}</span>`;

export interface Page {
  readonly title: string;
  readonly bank: string;
  readonly nav?: Markup;
  readonly body: Markup;
}

/** A whole page: no script, one style sheet of its own origin. */
export const page = ({ title, bank, nav, body }: Page): string =>
  html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · ${bank}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <a class="skip" href="#main">跳到正文 Skip to content</a>
        <header>
          <p class="name">${bank}</p>
          <p class="stand-in">
            参考银行（替身），不办理真实业务 Reference bank, a stand-in: no real business, no real money
          </p>
          ${nav}
        </header>
        <main id="main" tabindex="-1">${body}</main>
      </body>
    </html>`.html.trimStart();

export const style = `
:root { --teal: #0b6e77; --teal-dark: #084c55; --tint: #e6f3f4; --text: #1f2a33; --muted: #4d5a64; --line: #d9e1e6; --paper: #fff; --ground: #f6f8f9; --red: #b3261e; --amber: #8a5c00; --green: #1b7f4b; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 14px/1.6 "PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; font-variant-numeric: tabular-nums; }
header { background: var(--teal-dark); color: #fff; padding: 16px 24px; }
header p { margin: 0; } header .name { font-size: 18px; font-weight: 600; } header .stand-in { font-size: 13px; }
nav { margin-top: 8px; display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; } nav a { color: #fff; } nav form { margin-left: auto; }
nav a[aria-current] { font-weight: 600; text-decoration-thickness: 3px; }
main { max-width: 1120px; margin: 0 auto; padding: 24px 16px; } main:focus { outline: none; }
h1 { font-size: 22px; margin: 0 0 16px; } h2 { font-size: 16px; margin: 24px 0 8px; }
.en { color: var(--muted); font-size: .9em; } header .en { color: #dcebed; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: 24px; margin-bottom: 16px; overflow-x: auto; }
.narrow { max-width: 480px; margin-inline: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: 8px; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--teal-dark); } td.number, th.number { text-align: right; white-space: nowrap; }
dl { display: grid; grid-template-columns: minmax(120px, 240px) 1fr; margin: 0; } dt, dd { padding: 8px 0; border-bottom: 1px solid var(--line); margin: 0; overflow-wrap: anywhere; } dt { color: var(--muted); padding-right: 16px; }
label { display: block; margin: 16px 0 4px; font-weight: 600; }
input, textarea { width: 100%; font: inherit; padding: 8px; border: 1px solid #6b7a85; border-radius: 4px; background: #fff; color: inherit; }
button, .button { font: inherit; font-weight: 600; padding: 8px 24px; border-radius: 4px; border: 1px solid var(--teal); background: var(--teal); color: #fff; cursor: pointer; text-decoration: none; display: inline-block; margin-top: 16px; }
button.danger { background: #fff; color: var(--red); border-color: var(--red); } nav button { margin: 0; padding: 4px 12px; background: transparent; border-color: #fff; }
a { color: var(--teal-dark); } :focus-visible { outline: 3px solid #e0a100; outline-offset: 2px; }
.skip { position: absolute; left: -9999px; } .skip:focus { left: 8px; top: 8px; background: #fff; padding: 8px; z-index: 1; }
.note { border-left: 4px solid var(--teal); background: var(--tint); padding: 8px 16px; margin: 0 0 16px; }
.wrong { border-left-color: var(--red); background: #fdeceb; } .good { border-left-color: var(--green); background: #e8f5ee; }
.empty { color: var(--muted); padding: 24px 0; text-align: center; }
.decide { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); } .preview { width: 100%; height: 70vh; border: 1px solid var(--line); }
@media (max-width: 600px) { dl { grid-template-columns: 1fr; } dt { border: 0; padding-bottom: 0; } .card { padding: 16px; } }
@media print { nav, button, .skip { display: none; } body { background: #fff; } }
`;
