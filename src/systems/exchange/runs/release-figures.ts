import { stepFailed } from '../foreign/step-fault.js';
import { quoteName } from '../sql-text/index.js';
import type { Cell } from '../steps/index.js';
import { toCell } from './count-persons.js';
import type { RunDatabase } from './database.js';
import type { AggregateReport } from './execute-aggregate.js';
import type { QueryOrder, StepOrder } from './order.js';
import type { RunContext } from './run-context.js';
import { tooManyRows } from './stream-rows.js';

/**
 * Releases the figures that a foreign step computed itself and that are in the table `step.came_back`: those that are of fewer
 * persons than the minimum are withheld. How many persons a figure is of is the step's word, held against how many were
 * sent; it is not released.
 */
export async function releaseFigures(
  database: RunDatabase,
  { minimumGroupSize, limits }: QueryOrder,
  { at, output }: StepOrder,
  hasPersons: boolean,
  context: RunContext,
): Promise<AggregateReport> {
  context.begin('count persons');
  const read = async (sql: string) => (await database.connection.runAndReadAll(sql)).getRowsJS();
  const everyone = hasPersons ? '(SELECT count(*) FROM step.sent_persons)' : 'NULL';
  const [counted] = await read(
    `SELECT count(*) FILTER (persons IS NULL OR persons < 0 OR persons > ${everyone}), count(*) FILTER (persons < ${minimumGroupSize}) FROM step.came_back`,
  );
  const [untrue, small] = (counted ?? []).map(Number);
  if (untrue !== 0) throw stepFailed(at, 'persons');
  const columns = Object.keys(output).filter((name) => name !== 'persons');
  const list = columns.map(quoteName).join(', ') || 'NULL';
  const statement = `SELECT ${list} FROM step.came_back WHERE persons >= ${minimumGroupSize} LIMIT ${limits.rows + 1}`;
  context.begin('execute');
  const found = await read(statement);
  if (found.length > limits.rows) throw tooManyRows(limits);
  const rows = found.map(
    (row): Record<string, Cell> => Object.fromEntries(columns.map((name, i) => [name, toCell(row[i])])),
  );
  const withheld = { groups: small ?? 0, total: false, minimumGroupSize };
  return { result: { kind: 'answer', table: { columns, rows, withheld } }, statement };
}
