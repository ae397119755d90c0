import { createHash } from 'node:crypto';

const style = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5c6878; --line: #dde2e9; --paper: #fbfcfd; --tint: #eef3f8; --blue: #0b5cad; --good: #1a7f45; --bad: #b3372f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7ebf0; --soft: #9aa7b6; --line: #303a47; --paper: #14191f; --tint: #1d252e; --blue: #6fb3f2; --good: #63c38a; --bad: #ee8078; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: var(--ink); background: var(--paper); }
main { max-width: 60rem; margin: 0 auto; padding: 3.5rem 1.5rem 5rem; }
h1 { font-size: 2.1rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.01em; }
h2 { font-size: 1.1rem; margin: 2.6rem 0 .8rem; }
p { margin: 0 0 1rem; max-width: 44rem; }
.lead { font-size: 1.1rem; color: var(--soft); }
a { color: var(--blue); text-underline-offset: .15em; }
nav { display: flex; flex-wrap: wrap; gap: .7rem; margin: 1.6rem 0 0; }
nav a { padding: .45rem .95rem; border: 1px solid var(--line); border-radius: .5rem; text-decoration: none; }
nav a:first-child { background: var(--blue); border-color: var(--blue); color: var(--paper); }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .5rem .9rem .5rem 0; border-bottom: 1px solid var(--line); }
th { font-size: .82rem; font-weight: 600; color: var(--soft); }
tr:target { background: var(--tint); }
code, pre { font: .88em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { margin: 0; padding: 1rem 1.1rem; overflow-x: auto; background: var(--tint); border-radius: .5rem; }
.on { color: var(--good); } .off { color: var(--bad); } .soft { color: var(--soft); }
`;

/** The hash of the style sheet, as a content policy names it (CSP level 3, section 2.3.1). */
export const styleHash = `sha256-${createHash('sha256').update(style).digest('base64')}`;

/** HTML that is safe to put into a page as it is. */
export interface Html {
  readonly html: string;
}

/** HTML from a template; what is put in is escaped unless it is `Html`, and lists are joined. */
export function html(parts: TemplateStringsArray, ...values: readonly unknown[]): Html {
  return {
    html: parts.map((part, index) => part + (index < values.length ? text(values[index]) : '')).join(''),
  };
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join('');
  if (typeof value === 'object' && value !== null && 'html' in value) return String(value.html);
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return String(value).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** A whole page. */
export function page(title: string, body: Html): string {
  const head = html`<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>`;
  return `<!doctype html>\n<html lang="en"><head>${head.html}${style}</style></head><body><main>${body.html}</main></body></html>\n`;
}
