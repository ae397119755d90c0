import type { DataSetOffer } from '../../systems/exchange/exchange-api.js';
import type { PageOptions } from './explanation-page.js';
import { amountText, countText, timeText } from './figures.js';
import { type Paint, plain, type Tone } from './paint.js';
import { type TableCell, table } from './table.js';
import { wrap } from './width.js';

type Provider = DataSetOffer['providers'][number];

const tones: Readonly<Record<Provider['state'], Tone>> = {
  ready: 'good',
  importing: 'doubtful',
  offline: 'doubtful',
  failed: 'bad',
};

/** Data sets with their providers as a table, a row for each provider. */
export function dataSetsPage(dataSets: readonly DataSetOffer[], options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  if (dataSets.length === 0) return 'There are no data sets. They are declared in the configuration.';
  const rows = dataSets.flatMap(({ name, title, providers }): TableCell[][] => {
    const first = [name, title];
    if (providers.length === 0) return [[...first, '-', '-', 'nobody offers it']];
    return providers.map((provider, position) => [
      ...(position === 0 ? first : ['', '']),
      provider.party,
      paint(tones[provider.state], provider.state),
      provider.error ?? tablesText(provider),
    ]);
  });
  const list = table(['data set', 'title', 'provider', 'state', 'tables'], rows, { paint, width });
  return `${list}\n\n${paint('aside', 'What may be asked of one: starling data show NAME')}`;
}

function tablesText({ tables }: Provider): string {
  const texts = tables.map(({ name, rows, rejected }) => {
    const left = rejected === 0 ? '' : ` (${amountText(rejected, 'line')} rejected)`;
    return `${name}: ${amountText(rows, 'row')}${left}`;
  });
  return texts.join(', ') || '-';
}

/** One data set as a page: what may be asked, of whom and by whom, and what was read and rejected. */
export function dataSetPage(dataSet: DataSetOffer, options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  const { name, title, description, providers } = dataSet;
  const about = description === undefined ? [] : wrap(description, width);
  return [
    [`${paint('heading', name)}: ${title}`, ...about].join('\n'),
    `${paint('heading', 'What may be asked')}\n${table(['', ''], askable(dataSet), { indent: 2, width })}`,
    ...providers.map((provider) => providerPart(provider, paint, width)),
  ].join('\n\n');
}

function askable(dataSet: DataSetOffer): TableCell[][] {
  const { unit, measures, groups, filters, algorithms, defaults } = dataSet;
  const measureLines = measures.map(({ column, title, description }) =>
    [
      column,
      ...(title === undefined ? [] : [`– ${title}`]),
      ...((description ?? '') ? [`(${description})`] : []),
    ].join(' '),
  );
  const by = (defaults.groupBy ?? []).join(', ');
  const usual = [defaults.algorithm, defaults.column && `of ${defaults.column}`, by && `by ${by}`];
  return [
    ['algorithms', algorithms.join(', ')],
    ['measures', measureLines.join('\n') || '-'],
    ['groups', groups.join('\n') || '-'],
    ['filters', filters.join('\n') || '-'],
    ['persons are', unit.join(', ')],
    ['by default', usual.filter((part) => part).join(' ') || '-'],
  ];
}

function providerPart(provider: Provider, paint: Paint, width: number): string {
  const { party, state, error, importedAt, tables, requesters } = provider;
  const when = importedAt === undefined ? '' : `, read at ${timeText(importedAt)}`;
  const head = `${paint('heading', party)}: ${paint(tones[state], state)}${when}`;
  const who = requesters.map(({ user, form }) => `${user} (${form})`).join(', ') || 'nobody';
  const rows: TableCell[][] = [
    ['may be asked by', who],
    ...(error === undefined ? [] : [['error', paint('bad', error)]]),
    ...tables.flatMap((one) => tableRows(one)),
  ];
  return `${head}\n${table(['', ''], rows, { indent: 2, width })}`;
}

/** Rejected lines are told by number; at most this many of them. */
const mostLines = 10;

function tableRows({ name, rows, rejected, rejects, columns }: Provider['tables'][number]): TableCell[][] {
  const typed = columns.map((column) => `${column.name} ${column.type}`).join(', ');
  const lines = rejects.slice(0, mostLines).map(({ line, reason }) => `line ${line}: ${reason}`);
  const more = rejected > lines.length ? [`and ${countText(rejected - lines.length)} more`] : [];
  return [
    [name, `${amountText(rows, 'row')}: ${typed}`],
    ...(rejected === 0
      ? []
      : [['', [`${amountText(rejected, 'line')} rejected:`, ...lines, ...more].join('\n')]]),
  ];
}
