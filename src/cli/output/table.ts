import { numberTexts } from './figures.js';
import { type Paint, plain } from './paint.js';
import { pad, widthOf, wrap } from './width.js';

/** What a cell holds: numbers are lined up by their point, `null` and `undefined` show as `-`. */
export type TableCell = string | number | boolean | null | undefined;

export interface TableOptions {
  readonly paint?: Paint;
  /** Columns in front of each line. */
  readonly indent?: number;
  /** Columns that a line may take; the last column wraps to keep to it. Not limited if not given. */
  readonly width?: number;
}

const gap = 2;
/** The last column is never squeezed to less. */
const narrowestLast = 24;

/**
 * Lines of a table with aligned columns: text to the left, columns of numbers to the right. Headings that are all empty
 * are left out. Cells may be painted.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly TableCell[])[],
  options: TableOptions = {},
): string {
  const { paint = plain, indent = 0, width = Number.POSITIVE_INFINITY } = options;
  const columns = headings.map((heading, position) => {
    const cells = rows.map((row) => row[position]);
    const numeric = cells.some((cell) => typeof cell === 'number') && cells.every(isNumberOrAbsent);
    const texts = cellTexts(cells);
    const needed = Math.max(widthOf(heading), ...texts.flatMap((text) => text.split('\n').map(widthOf)));
    return { heading, texts, align: numeric ? ('right' as const) : ('left' as const), width: needed };
  });
  const last = columns.at(-1);
  if (last === undefined) return '';
  const before = columns.slice(0, -1).reduce((sum, column) => sum + column.width + gap, indent);
  last.width = Math.min(last.width, Math.max(narrowestLast, width - before));
  const line = (cells: readonly string[]): string => {
    const parts = columns.map((column, position) => {
      const cell = cells[position] ?? '';
      return column === last && column.align === 'left' ? cell : pad(cell, column.width, column.align);
    });
    return (' '.repeat(indent) + parts.join(' '.repeat(gap))).trimEnd();
  };
  const body = rows.flatMap((_row, index) => {
    const cells = columns.map((column) => column.texts[index] ?? '');
    const [first = '', ...more] = wrap(cells.at(-1) ?? '', last.width);
    const blank = columns.slice(1).map(() => '');
    return [line([...cells.slice(0, -1), first]), ...more.map((text) => line([...blank, text]))];
  });
  const head = line(headings.map((heading) => (heading === '' ? '' : paint('heading', heading))));
  return [...(headings.every((heading) => heading === '') ? [] : [head]), ...body].join('\n');
}

function isNumberOrAbsent(cell: TableCell): boolean {
  return typeof cell === 'number' || cell === null || cell === undefined;
}

function cellTexts(cells: readonly TableCell[]): string[] {
  const numbers = numberTexts(cells.filter((cell) => typeof cell === 'number'));
  return cells.map((cell) => {
    if (cell === null || cell === undefined) return '-';
    return typeof cell === 'number' ? (numbers.shift() ?? '') : String(cell);
  });
}

/** Rows of a table of two columns: one for each text, the first with the title. */
export function titled(title: string, texts: readonly string[]): TableCell[][] {
  return texts.map((text, index) => [index === 0 ? title : '', text]);
}
