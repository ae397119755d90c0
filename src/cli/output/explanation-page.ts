import type { RunRecord } from '../../systems/exchange/ask/request-record.js';
import type { Explanation, ProviderExplanation } from '../../systems/exchange/explain/explanation.js';
import { chainPicture } from './chain-picture.js';
import { amountText, durationText, listText, timeText } from './figures.js';
import { type Paint, plain, type Tone } from './paint.js';
import { questionText } from './question.js';
import { type TableCell, table } from './table.js';
import { wrap } from './width.js';

export interface PageOptions {
  readonly paint?: Paint;
  /** Columns that lines keep to where they can. */
  readonly width?: number;
}

const outcomeTones: Readonly<Record<ProviderExplanation['outcome'], Tone>> = {
  'took part': 'good',
  'left out': 'bad',
  refused: 'bad',
  absent: 'doubtful',
  'not placed': 'doubtful',
};

/** Why a request came to its end, as a page: the question, who decided what, what ran where, what crossed a border, times. */
export function explanationPage(explanation: Explanation, options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  const sections: [string, string][] = [
    ['Question', questionPart(explanation, width)],
    ['Providers', providersPart(explanation, paint, width)],
    ['Archetypes', archetypesPart(explanation, paint, width)],
    ['What ran, and what crossed a border', indented(chainPicture(explanation, width - 2))],
    ['Times', timesPart(explanation.chains, paint)],
    ['Statements', statementsPart(explanation.chains, width)],
    ['Notes', notesPart(explanation.notes, width)],
    ['Error', errorPart(explanation, paint)],
  ];
  const shown = sections.filter(([, text]) => text !== '');
  const parts = shown.map(([title, text]) => `${paint('heading', title)}\n${text}`);
  return [headPart(explanation, paint), ...parts].join('\n\n');
}

function headPart({ request, job, state, askedBy, askedAt, tookMs }: Explanation, paint: Paint): string {
  const took = tookMs === undefined ? '' : ` after ${durationText(tookMs)}`;
  const tone = state === 'answered' ? 'good' : state === 'running' ? 'aside' : 'bad';
  const name = askedBy.name === undefined ? askedBy.id : `${askedBy.name} (${askedBy.id})`;
  const part = job === undefined ? '' : ` It is part of job ${job}.`;
  return `${paint('heading', `Request ${request}`)}: ${paint(tone, state)}${took}\nAsked by ${name} at ${timeText(askedAt)}.${part}`;
}

const indented = (text: string): string => (text === '' ? '' : text.replace(/^(?=.)/gm, '  '));

function questionPart({ question }: Explanation, width: number): string {
  const { query, queryGiven, options } = question;
  const asked = options.length === 0 ? '' : `, with ${listText(options)}`;
  const lines = wrap(`${questionText(question)}${asked}.`, width - 2);
  const whose = queryGiven ? "The requester's own query:" : "The data set's own query:";
  return indented([...lines, whose, ...wrap(query, width - 4).map((line) => `  ${line}`)].join('\n'));
}

function providersPart({ providers }: Explanation, paint: Paint, width: number): string {
  const rows = providers.map((one): TableCell[] => {
    const { provider, outcome, because, minimumGroupSize, withheldGroups, agreementRevision } = one;
    const facts = [
      ...because,
      ...(minimumGroupSize !== undefined && minimumGroupSize > 1
        ? [`Groups of fewer than ${amountText(minimumGroupSize, 'person')} do not leave.`]
        : []),
      ...(withheldGroups === undefined ? [] : [`Withheld: ${amountText(withheldGroups, 'group')}.`]),
    ];
    const revision = agreementRevision === undefined ? '' : `agreement ${agreementRevision}`;
    return [provider, paint(outcomeTones[outcome], outcome), revision, facts.join('\n')];
  });
  return rows.length === 0 ? '' : table(['', '', '', ''], rows, { indent: 2, width });
}

function archetypesPart({ archetypes, parts }: Explanation, paint: Paint, width: number): string {
  const rows = archetypes.map(({ name, chosen, because }): TableCell[] => {
    const computing = parts.flatMap((part) =>
      part.archetype === name && part.computeProvider !== undefined ? [part.computeProvider] : [],
    );
    const at = computing.map((party) => `${party} computes.`);
    const why = [...because, ...at].join('\n');
    return [name, chosen ? paint('good', 'chosen') : paint('aside', 'not chosen'), why];
  });
  return rows.length === 0 ? '' : table(['', '', ''], rows, { indent: 2, width });
}

/** A column per phase that occurred, in milliseconds. */
function timesPart(chains: readonly RunRecord[], paint: Paint): string {
  const names = [...new Set(chains.flatMap(({ phases }) => phases.map(({ name }) => name)))];
  const rows = chains.map(({ party, state, waitedMs, phases, startedAt, endedAt }): TableCell[] => {
    const all = endedAt === undefined ? undefined : endedAt - startedAt;
    const told = phases.reduce((sum, phase) => sum + phase.ms, waitedMs ?? 0);
    return [
      party,
      state === 'done' ? 'done' : paint(state === 'failed' ? 'bad' : 'aside', state),
      rounded(waitedMs),
      ...names.map((name) => rounded(phases.find((phase) => phase.name === name)?.ms)),
      all === undefined ? undefined : rounded(Math.max(0, all - told)),
      all,
    ];
  });
  // what is neither waiting nor a phase: a first import, checks, the way there and back
  const headings = ['ms', '', 'waiting', ...names, 'other', 'in all'];
  return rows.length === 0 ? '' : table(headings, rows, { indent: 2, paint });
}

const rounded = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : Math.round(ms * 10) / 10;

function statementsPart(chains: readonly RunRecord[], width: number): string {
  return chains
    .filter(({ statement, read }) => statement !== undefined || read.length > 0)
    .map(({ party, statement, read }) => {
      const columns = read.length === 0 ? [] : wrap(`reads ${read.join(', ')}`, width - 4);
      const sql = statement === undefined ? [] : wrap(statement, width - 4);
      return indented([party, ...[...columns, ...sql].map((line) => `  ${line}`)].join('\n'));
    })
    .join('\n');
}

function notesPart(notes: readonly string[], width: number): string {
  return notes
    .map((note) => {
      const [first = '', ...more] = wrap(note, width - 4);
      return [`  - ${first}`, ...more.map((line) => `    ${line}`)].join('\n');
    })
    .join('\n');
}

function errorPart({ error, chains }: Explanation, paint: Paint): string {
  const failed = chains.flatMap(({ party, error: why }) =>
    why === undefined || why.message === error?.message ? [] : [`${party} (${why.code}): ${why.message}`],
  );
  const whole = error === undefined ? [] : [`${error.code}: ${error.message}`];
  return indented([...whole, ...failed].map((line) => paint('bad', line)).join('\n'));
}
