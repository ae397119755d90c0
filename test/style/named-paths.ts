import { posix } from 'node:path';

/** A Markdown page; `path` is relative to the project's root, with `/` between folders. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/**
 * What `page` names and what is not there: relative links, `#` links to headings that the page lacks, and files in
 * backquotes, which are looked for beside the page and from the root. `exists` tells of a path relative to the root.
 *
 * In backquotes only what looks like a file of ours counts: a path below one of our folders, or a name that ends
 * in `.ts` or `.md`; a pattern (`*`, `<name>`, `…`) does not.
 */
export function findMissingPaths(page: Page, exists: (path: string) => boolean): string[] {
  const folder = posix.dirname(page.path);
  const prose = page.text.replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, '');
  const missing = new Set<string>();

  for (const [, link = ''] of prose.replace(/`[^`\n]*`/g, '').matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)) {
    if (/^([a-z][a-z\d+.-]*:|\/\/)/i.test(link)) continue;
    const [path = '', heading] = link.split('#');
    const found = path === '' || exists(posix.join(folder, decodeURIComponent(path)));
    const headed = path !== '' || heading === undefined || headings(prose).has(heading);
    if (!found || !headed) missing.add(link);
  }

  for (const [, named = ''] of prose.matchAll(/`([\w@./-]+)`/g)) {
    const ours = /^(src|test|docs|examples|bench|deploy|console|\.ci)\/./.test(named);
    if (!ours && !/^[\w./-]*\w\.(ts|md)$/.test(named)) continue;
    if (!exists(posix.join(folder, named)) && !exists(posix.normalize(named))) missing.add(named);
  }
  return [...missing];
}

/** The anchors of a page's headings, as GitHub makes them. */
function headings(prose: string): Set<string> {
  const slugs = new Set<string>();
  const seen = new Map<string, number>();
  for (const [, heading = ''] of prose.matchAll(/^#+\s+(.*)$/gm)) {
    const slug = heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    slugs.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return slugs;
}
