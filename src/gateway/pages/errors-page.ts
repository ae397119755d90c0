import { errorCodes } from '../../kernel/errors/index.js';
import { html, page } from './page.js';

/** The page that the `type` of a problem document leads to: every code with its status and meaning. */
export function errorsPage(): string {
  const rows = Object.entries(errorCodes).map(
    ([code, { status, title }]) =>
      html`<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}.</td></tr>`,
  );
  return page(
    'Starling: error codes',
    html`<h1>Error codes</h1>
<p class="lead">Every failure has one of these codes. They are stable: branch on the code, not on the message.</p>
<nav><a href="/docs">API documentation</a><a href="/">Parties</a></nav>
<h2>Codes</h2>
<table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}
