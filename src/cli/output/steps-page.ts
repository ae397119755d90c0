import { isForeign, type Step } from '../../systems/exchange/model/index.js';
import type { StepCheck } from '../../systems/exchange/step-check.js';
import type { PageOptions } from './explanation-page.js';
import { amountText } from './figures.js';
import { plain } from './paint.js';
import { type TableCell, table } from './table.js';

/** A step as `/api/v1/steps` shows it. */
export interface StepView {
  readonly name: string;
  readonly value: Step;
}

function whereText(step: Step): string {
  if (!isForeign(step)) return 'built in';
  return 'url' in step.endpoint ? step.endpoint.url : 'as each agent says';
}

/** Steps as a table. */
export function stepsPage(steps: readonly StepView[], options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  if (steps.length === 0) return 'There are no steps. They are declared in the configuration.';
  const rows = steps.map(({ name, value }): TableCell[] => [
    name,
    value.title,
    value.role,
    `${value.takes} → ${value.gives}`,
    value.option ?? '-',
    whereText(value),
  ]);
  return table(['step', 'title', 'role', 'takes → gives', 'option', 'where'], rows, { paint, width });
}

/** One step as a page. */
export function stepPage({ name, value }: StepView, options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  const columns = (all: Readonly<Record<string, string>>) =>
    Object.entries(all)
      .map(([column, type]) => `${column} (${type})`)
      .join(', ') || 'none';
  const foreign = isForeign(value)
    ? [
        ['comes after', value.after.join(', ') || 'nothing'],
        ['reads', columns(value.input)],
        ['gives back', columns(value.output)],
        [
          'limits',
          Object.entries(value.limits ?? {})
            .map(([limit, amount]) => `${limit} ${amount}`)
            .join(', ') || 'as by default',
        ],
      ]
    : [];
  const rows: TableCell[][] = [
    ['where', whereText(value)],
    ['role', value.role],
    ['takes', value.takes],
    ['gives', value.gives],
    ...(value.option === undefined ? [] : [['asked for by', `option ${value.option}`]]),
    ['comes before', value.outputs.join(', ') || 'nothing'],
    ...foreign,
    ...(value.description === undefined ? [] : [['about', value.description]]),
  ];
  return `${name}: ${value.title}\n${table(['', ''], rows, { indent: 2, paint, width })}`;
}

/** What came of trying a step. */
export function stepCheckPage({ step, url, calls }: StepCheck): string {
  const lines = calls.map(
    ({ sent, received, ms }) =>
      `  ${amountText(sent, 'row')} there, ${amountText(received, 'row')} back, ${ms} ms`,
  );
  return `Step ${step} at ${url} keeps to its contract.\n${lines.join('\n')}`;
}
