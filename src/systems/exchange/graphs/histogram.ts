import {
  type GraphInput,
  groupedRows,
  groupTitles,
  inPanels,
  nominal,
  panelOf,
  quantitative,
} from './panels.js';
import type { Graph } from './style.js';

/** A bar for each bin, or for each value of what is no number; groups in panels. */
export function histogram(input: GraphInput, title: string): Graph {
  const counted = quantitative('count', 'rows');
  const all = groupedRows(input);
  const rows = all.map(({ groups, values }) => ({
    ...panelOf(groups),
    from: values.from ?? null,
    to: values.to ?? null,
    value: values.value ?? null,
    count: values.count ?? null,
  }));
  const binned = input.table.columns.includes('from');
  const x = binned
    ? {
        x: quantitative('from', title, { bin: { binned: true }, axis: { format: '~s' } }),
        x2: { field: 'to' },
      }
    : { x: nominal('value', title, { axis: { labelAngle: -35 } }) };
  const unit: Graph = {
    width: binned ? 360 : { step: 32 },
    height: 220,
    mark: { type: 'bar', tooltip: true },
    encoding: { ...x, y: counted },
  };
  return inPanels(unit, rows, groupTitles(input));
}
