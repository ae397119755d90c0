/**
 * Whether an output is what a page shows. Space counts as one, and these as equal: times, durations and sizes, ids, keys. `…` in a
 * shown line stands for any text, and alone on a line for any lines.
 */
export function isAsShown(shown: readonly string[], actual: readonly string[]): boolean {
  const lines = trimmed(actual).map((line) => `${withoutDifferences(line)}\n`);
  return patternOf(trimmed(shown)).test(lines.join(''));
}

/** The same, of an output that may go on. */
export function beginsAsShown(shown: readonly string[], actual: readonly string[]): boolean {
  return actual.some((_, index) => isAsShown(shown, actual.slice(0, index + 1)));
}

function patternOf(shown: readonly string[]): RegExp {
  const lines = shown.map((line) => {
    if (line.trim() === '…') return '(?:.*\n)*?';
    const parts = withoutDifferences(line).split('…');
    return `${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}\n`;
  });
  return new RegExp(`^${lines.join('')}$`);
}

/** What is different each time, by what stands for it: from the most special to the least. */
const differences: readonly (readonly [RegExp, string])[] = [
  [/\b[rtj]-[0-9a-z]{8,}\b/g, 'ID'],
  [/\b[A-Za-z0-9_-]{43}\b/g, 'KEY'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z?(?: UTC)?/g, 'TIME'],
  [/\b\d\d:\d\d:\d\d\b/g, 'TIME'],
  [/(?:\b\d+ (?:d|h|min) )?\b[\d.,]+ (?:ms|s|min|h|d|kB|MB|GB|KB)(?![a-z])/g, 'AMOUNT'],
];

function withoutDifferences(line: string): string {
  let text = line;
  for (const [pattern, name] of differences) text = text.replaceAll(pattern, name);
  return text.replaceAll(/-{2,}/g, '--').replaceAll(/\s+/g, ' ').trim();
}

/** Without empty lines at the ends. */
function trimmed(lines: readonly string[]): string[] {
  const isText = (line: string) => line.trim() !== '';
  const first = lines.findIndex(isText);
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex(isText) + 1);
}
