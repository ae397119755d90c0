import { StarlingError } from '../../../kernel/errors/index.js';
import type { DataSet } from './data-set.js';
import { splitColumn } from './names.js';
import { nearestNote } from './nearest-name.js';

/** What a column is named for in a request, and so what it must be declared as. */
export type ColumnUse = 'measure' | 'group' | 'counted';

const wanted: Readonly<Record<ColumnUse, string>> = {
  measure: 'a measure',
  group: 'a group',
  counted: 'a measure or a group',
};

function allowedColumns(dataSet: DataSet, use: ColumnUse): string[] {
  const measures = Object.keys(dataSet.measures);
  if (use === 'measure') return measures;
  return use === 'group' ? [...dataSet.groups] : [...new Set([...measures, ...dataSet.groups])];
}

function declaredColumns(dataSet: DataSet): string[] {
  const all = [...dataSet.unit, ...Object.keys(dataSet.measures), ...dataSet.groups, ...dataSet.filters];
  return [...new Set(all)].sort();
}

/**
 * The `Table.column` that `name` stands for: `name` itself where it is declared, else the one declared column with
 * that bare name. Throws `input-invalid` where there is none or more than one, or where it is declared for another use.
 */
export function resolveColumn(name: string, use: ColumnUse, dataSet: DataSet, dataSetName: string): string {
  const declared = declaredColumns(dataSet);
  const exact = declared.filter((column) => column === name);
  const found = exact.length > 0 ? exact : declared.filter((column) => splitColumn(column).column === name);
  const allowed = allowedColumns(dataSet, use);
  const fitting = found.filter((column) => allowed.includes(column));
  const [only, other] = fitting;
  if (only !== undefined && other === undefined) return only;
  const known = allowed.length === 0 ? 'none is declared' : allowed.sort().join(', ');
  const details = { column: name, dataSet: dataSetName, known: allowed };
  if (other !== undefined) {
    const message = `Column ${name} of data set ${dataSetName} can be ${fitting.join(' or ')}; name it with its table.`;
    throw new StarlingError('input-invalid', message, { details });
  }
  if (found.length > 0) {
    const message = `Column ${found.join(', ')} of data set ${dataSetName} is not declared as ${wanted[use]}; use one of: ${known}.`;
    throw new StarlingError('input-invalid', message, { details });
  }
  const near = nearestNote(name, [...allowed, ...allowed.map((column) => splitColumn(column).column)]);
  const message = `Data set ${dataSetName} declares no column ${name}${near}; use one of: ${known}.`;
  throw new StarlingError('input-invalid', message, { details });
}
