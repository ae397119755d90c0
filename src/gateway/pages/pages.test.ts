import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../kernel/errors/index.js';
import { errorsPage } from './errors-page.js';
import { landingPage } from './landing-page.js';
import { html, page, styleHash } from './page.js';

describe('html', () => {
  it('escapes what is put in, and nothing twice', () => {
    const inner = html`<b>${'a<b> & "c\''}</b>`;
    expect(html`<p title="${'"'}">${inner}${['<', inner]}</p>`.html).toBe(
      '<p title="&quot;"><b>a&lt;b&gt; &amp; &quot;c&#39;</b>&lt;<b>a&lt;b&gt; &amp; &quot;c&#39;</b></p>',
    );
  });
});

describe('a page', () => {
  it('has one style sheet, which has the hash that the policy names, and takes nothing from elsewhere', () => {
    const text = page('T', html`<p>x</p>`);
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
    expect(styleHash).toBe(`sha256-${createHash('sha256').update(style).digest('base64')}`);
    expect(text).not.toMatch(/<script|<img|<link|@import|url\(|style=/);
  });
});

describe('the page at /', () => {
  it('names the parties, whether they are there, and the data', () => {
    const text = landingPage({
      consortium: {
        parties: [
          { id: 'VU', name: 'Vrije & Co', roles: ['dataProvider', 'requester'], agent: { online: true } },
          { id: 'SURF', name: 'SURF', roles: ['computeProvider'], agent: { online: false } },
          { id: 'Home', name: 'Home', roles: ['requester'] },
        ],
        dataSets: [
          {
            name: 'wageGap',
            title: 'Staff',
            providers: [{ party: 'VU', state: 'ready', tables: [], requesters: [] }],
          },
        ],
      },
      version: '1.2.3',
      url: 'http://127.0.0.1:8080',
    });
    expect(text).toContain('A consortium of 3 parties.');
    expect(text).toContain(
      '<td>Vrije &amp; Co</td><td>provides data, asks</td><td><span class="on">online</span></td>',
    );
    expect(text).toContain('<span class="off">offline</span>');
    expect(text).toContain('<span class="soft">no agent</span>');
    expect(text).toContain('<td>VU (ready)</td>');
    expect(text).toContain('curl http://127.0.0.1:8080/api/v1/requests');
  });
});

describe('the page of error codes', () => {
  it('has every code under its own anchor', () => {
    const text = errorsPage();
    const anchors = [...text.matchAll(/<tr id="([^"]+)">/g)].map(([, id]) => id);
    expect(anchors).toEqual(Object.keys(errorCodes));
  });
});
