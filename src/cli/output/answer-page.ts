import type { AnswerTable } from '../../systems/exchange/steps/index.js';
import type { RequestView, ResultView } from '../client/views.js';
import { amountText, durationText, listText, timeText } from './figures.js';
import { type Paint, plain } from './paint.js';
import { type TableCell, table } from './table.js';

export interface AnswerPageOptions {
  readonly paint?: Paint;
  /** Rows that are shown of one result; the rest is told by number. */
  readonly mostRows?: number;
}

/** The answer of a request for people: a table per result, what was held back, and who did not take part and why. */
export function answerPage(view: RequestView, options: AnswerPageOptions = {}): string {
  const { paint = plain, mostRows = 50 } = options;
  const results = view.results.map((result) => resultPart(result, view.id, paint, mostRows));
  const apart = apartPart(view, paint);
  const took = view.tookMs === undefined ? '' : ` in ${durationText(view.tookMs)}`;
  const how = archetypesText(view);
  const state = view.state === 'running' ? 'is running' : `was ${view.state}`;
  const foot = paint('aside', `Request ${view.id} ${state}${took}${how}.`);
  const gone = view.state === 'answered' && results.length === 0 ? [goneText(view, paint)] : [];
  return [...results, ...gone, ...(apart === '' ? [] : [apart]), foot].join('\n\n');
}

/** As what it was answered; nothing where it was not. */
function archetypesText({ archetype, results }: RequestView): string {
  const names = archetype === undefined ? results.map((result) => result.archetype) : [archetype];
  const known = [...new Set(names)].filter((name) => name !== undefined);
  return known.length === 0 ? '' : ` as ${listText(known)}`;
}

function goneText({ keptUntil }: RequestView, paint: Paint): string {
  const until = keptUntil === undefined ? '' : `; it was kept until ${timeText(keptUntil)}`;
  return paint('doubtful', `The answer is no longer there${until}. Ask again.`);
}

function resultPart(result: ResultView, request: string, paint: Paint, mostRows: number): string {
  const { providers, computedAt, columns, rows, withheld, error } = result;
  const only = providers.length === 1 && providers[0] === computedAt;
  const title = paint('heading', listText(providers)) + (only ? '' : `, computed at ${computedAt}`);
  if (error !== undefined) {
    return `${title}\n${paint('bad', `No answer (${error.code}): ${error.message}`)}`;
  }
  const parts = [title, ...absentLines(result, paint)];
  if (typeof rows === 'number') parts.push(`${amountText(rows, 'row')}: ${saveHint(request)}`);
  else if (rows !== undefined && rows.length === 0) parts.push('No rows.');
  else if (rows !== undefined && columns !== undefined) {
    parts.push(rowsTable(columns, rows.slice(0, mostRows), paint));
    const more = rows.length - mostRows;
    if (more > 0) parts.push(`… and ${amountText(more, 'more row')}: ${saveHint(request)}`);
  }
  const held = withheldText(withheld);
  return [...parts, ...(held === undefined ? [] : [paint('doubtful', held)])].join('\n');
}

/** Who is missing from a partial answer, and why. */
function absentLines({ absent = [] }: ResultView, paint: Paint): string[] {
  return absent.map(({ provider, error }) =>
    paint('bad', `Partial: without ${provider} (${error.code}): ${error.message}`),
  );
}

const saveHint = (request: string): string =>
  `\`starling requests save ${request} FILE.csv\` writes them all.`;

/** A row over all groups has no group values and is marked in a column `total`; here it says so in its first column. */
function rowsTable(columns: readonly string[], rows: AnswerTable['rows'], paint: Paint): string {
  const marked = columns.includes('total') && rows.every((row) => typeof row.total === 'boolean');
  const shown = marked ? columns.filter((column) => column !== 'total') : columns;
  const body = rows.map((row): TableCell[] =>
    shown.map((column, position) => {
      if (marked && row.total === true && position === 0) return 'total';
      return row[column];
    }),
  );
  return table(shown, body, { paint });
}

/** What was held back, as a sentence; nothing where nothing was. */
export function withheldText(withheld: ResultView['withheld']): string | undefined {
  if (withheld === undefined || (withheld.groups === 0 && !withheld.total)) return undefined;
  const { groups, total, minimumGroupSize } = withheld;
  const least = amountText(minimumGroupSize, 'person');
  const few = `${groups === 1 ? 'it has' : 'each has'} fewer than ${least}, or would tell of so few beside other answers`;
  const held = `${amountText(groups, 'group')} ${groups === 1 ? 'is' : 'are'} withheld: ${few}.`;
  if (!total) return held;
  const why = 'The total is withheld as well: beside the groups it would give away what is not shown.';
  return groups === 0 ? why : `${held} ${why}`;
}

/** Who did not take part, and why: a line each, with the reasons below one another. */
function apartPart(view: RequestView, paint: Paint): string {
  const refused = view.refused.map(({ provider, reasons }): TableCell[] => [
    paint('bad', `${provider} refused`),
    reasons.map(({ message }) => message).join('\n'),
  ]);
  const absent = view.absent.map((provider): TableCell[] => [
    paint('doubtful', `${provider} was absent`),
    'It allows the request, but its agent is offline; the answer is without it.',
  ]);
  const rows = [...refused, ...absent];
  return rows.length === 0 ? '' : table(['', ''], rows);
}
