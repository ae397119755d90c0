import type { Crossing, RunRecord } from '../../systems/exchange/ask/request-record.js';
import type { Explanation } from '../../systems/exchange/explain/explanation.js';
import { amountText, bytesText } from './figures.js';
import { pad, widthOf } from './width.js';

/** Columns between boxes that stand side by side. */
const gap = 2;
const narrowestBox = 28;

/**
 * A picture of what ran and what crossed which border: a box for each data provider with the steps of its chain, arrows with
 * what it released, the compute provider below where there is one, and the requester; one below the other for each part.
 * Boxes stand side by side as far as `width` columns allow.
 */
export function chainPicture(explanation: Explanation, width: number): string {
  const pictures = explanation.parts.map((part) => partPicture(part, explanation, width));
  return pictures.filter((picture) => picture !== '').join('\n\n');
}

function partPicture(
  { archetype, computeProvider, providers }: Explanation['parts'][number],
  { chains, crossings, askedBy }: Explanation,
  width: number,
): string {
  const own = chains.filter((chain) => chain.archetype === archetype);
  const providing = own.filter(({ party, place }) => place === 'dataProvider' && providers.includes(party));
  const compute = own.find(({ party, place }) => place === 'computeProvider' && party === computeProvider);
  if (providing.length === 0) return '';
  const columns = providing.map((chain) => column(chain, crossings, compute?.party ?? 'requester'));
  const rows = rowsOfColumns(columns, width);
  const requester = `requester ${askedBy.id}`;
  const targets = [...(compute === undefined ? [] : [compute.party]), requester];
  const full = Math.max(...rows.map(totalWidth), ...targets.map((target) => widthOf(target) + 6));
  const above = rows.flatMap((row, index) =>
    // an arrow that ends above another provider's box says where it leads
    index === rows.length - 1 ? sideBySide(row) : [...sideBySide(row, ` to ${targets[0]}`), ''],
  );
  const middle =
    compute === undefined
      ? []
      : [
          ...box(compute.party, stepLines(compute), full),
          ...arrow(released(compute, crossings, 'requester'), full),
          ...tip(compute, full),
        ];
  return [...above, ...middle, ...box(requester, [], full)].map((line) => line.trimEnd()).join('\n');
}

interface Column {
  readonly width: number;
  readonly boxLines: readonly string[];
  readonly arrowLines: readonly string[];
  readonly chain: RunRecord;
}

function column(chain: RunRecord, crossings: readonly Crossing[], to: string): Column {
  const steps = stepLines(chain);
  const labels = released(chain, crossings, to);
  const inside = Math.max(widthOf(chain.party) + 2, ...steps.map(widthOf));
  const behindArrow = Math.max(...labels.map((label) => 2 * (widthOf(label) + 2)));
  const width = Math.max(narrowestBox, inside + 4, behindArrow);
  return { width, boxLines: box(chain.party, steps, width), arrowLines: arrow(labels, width), chain };
}

function stepLines({ steps }: RunRecord): string[] {
  return steps.map(({ step, mode }) => (mode === 'whole' ? step : `${step} (${mode})`));
}

/** What left a chain for `to`, or why nothing did. */
function released(chain: RunRecord, crossings: readonly Crossing[], to: string): string[] {
  const first = crossings.find((crossing) => crossing.from === chain.party && crossing.to === to);
  if (first !== undefined) {
    const rows = amountText(first.rows, 'row');
    return [first.what === 'rows' ? rows : `${first.what}: ${rows}`, bytesText(first.bytes)];
  }
  if (chain.state === 'failed') return ['nothing:', chain.error?.code ?? 'it failed'];
  return [chain.state === 'running' ? 'still running' : 'nothing'];
}

function box(title: string, inside: readonly string[], width: number): string[] {
  const top = `┌─ ${title} `;
  return [
    `${top}${'─'.repeat(Math.max(0, width - widthOf(top) - 1))}┐`,
    ...inside.map((line) => `│ ${pad(line, width - 4)} │`),
    `└${'─'.repeat(width - 2)}┘`,
  ];
}

const stem = (width: number, mark: string, label = ''): string =>
  pad(`${' '.repeat(Math.floor(width / 2) - 1)}${mark}${label}`, width);

function arrow(labels: readonly string[], width: number): string[] {
  return labels.map((label) => stem(width, '│', ` ${label}`));
}

function tip({ state }: RunRecord, width: number, label = ''): string[] {
  return [state === 'failed' ? stem(width, '✗') : stem(width, '▼', label)];
}

const totalWidth = (columns: readonly Column[]): number =>
  columns.reduce((sum, one) => sum + one.width, gap * (columns.length - 1));

function rowsOfColumns(columns: readonly Column[], width: number): Column[][] {
  const rows: Column[][] = [];
  for (const one of columns) {
    const row = rows.at(-1);
    if (row !== undefined && totalWidth([...row, one]) <= width) row.push(one);
    else rows.push([one]);
  }
  return rows;
}

/** Boxes and arrows of columns as lines; shorter boxes hang from the same top, arrows start at the same line. */
function sideBySide(columns: readonly Column[], label = ''): string[] {
  const boxHeight = Math.max(...columns.map((one) => one.boxLines.length));
  const arrowHeight = Math.max(...columns.map((one) => one.arrowLines.length));
  const filled = columns.map(({ width, boxLines, arrowLines, chain }) => {
    const below = boxHeight - boxLines.length + arrowHeight - arrowLines.length;
    const longer = Array.from({ length: below }, () => stem(width, '│'));
    return [...boxLines, ...arrowLines, ...longer, ...tip(chain, width, label)];
  });
  return Array.from({ length: boxHeight + arrowHeight + 1 }, (_, line) =>
    filled.map((lines) => lines[line] ?? '').join(' '.repeat(gap)),
  );
}
