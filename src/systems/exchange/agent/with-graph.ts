import type { Chain } from '../compose/index.js';
import { graphOf } from '../graphs/index.js';
import type { DataSet, NormalRequest } from '../model/index.js';
import type { RunReport } from '../runs/index.js';

/** The report of a chain with the graph of its figures, where `sql-graph` is in the chain. Pure. */
export function withGraph(
  report: RunReport,
  chain: Pick<Chain, 'steps'>,
  { algorithm }: Pick<NormalRequest, 'algorithm'>,
  dataSet: Pick<DataSet, 'measures'> | undefined,
): RunReport {
  const { result } = report;
  const asked = chain.steps.some(({ step }) => step === 'sql-graph');
  if (!asked || result.kind !== 'answer' || algorithm === undefined || dataSet === undefined) return report;
  return { ...report, result: { ...result, graph: graphOf({ algorithm, table: result.table, dataSet }) } };
}
