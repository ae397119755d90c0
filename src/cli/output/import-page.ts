import { table } from './table.js';

const titles: Readonly<Record<string, string>> = {
  parties: 'parties',
  dataSets: 'data sets',
  agreements: 'agreements',
  archetypes: 'archetypes',
  requestTypes: 'request types',
  steps: 'steps',
};

/** What was imported, for people: what it has, what to read before it is used, and what to do next. */
export function importPage(
  file: string,
  contents: Readonly<Record<string, readonly string[]>>,
  notes: readonly string[],
): string {
  const rows = Object.entries(titles).map(([kind, title]) => [title, (contents[kind] ?? []).join(', ')]);
  return [
    `Wrote ${file}:`,
    '',
    table(['', ''], rows, { indent: 2 }),
    '',
    'What was assumed or left out; it is in the file too:',
    '',
    ...notes.map((note) => `- ${note}`),
    '',
    `  starling check ${file}`,
    `  starling up --config ${file}`,
  ].join('\n');
}
