import {
  type GraphInput,
  groupedRows,
  groupTitles,
  inPanels,
  labelOf,
  nominal,
  numberOf,
  panelOf,
  quantitative,
} from './panels.js';
import type { Graph } from './style.js';

/** A point for each quantile on a line for each group. */
export function points(input: GraphInput, title: string): Graph {
  const [group, ...others] = groupTitles(input);
  const rows = groupedRows(input).map(({ groups: [first = 'all', ...rest], values }) => ({
    ...panelOf(rest),
    group: first,
    quantile: String(values.quantile),
    value: numberOf(values.value),
    label: labelOf(numberOf(values.value)),
  }));
  const y = nominal('group', group ?? null);
  const x = quantitative('value', title, { scale: { zero: false, padding: 24 } });
  const unit: Graph = {
    width: 380,
    height: { step: 44 },
    layer: [
      { mark: { type: 'line', color: '#888888' }, encoding: { y, x, detail: { field: 'group' } } },
      {
        mark: { type: 'point', filled: true, size: 90, tooltip: true },
        encoding: { y, x, color: nominal('quantile', 'quantile') },
      },
      {
        mark: { type: 'text', dy: -12, fontSize: 11 },
        encoding: { y, x, text: { field: 'label' } },
      },
    ],
  };
  return inPanels(unit, rows, others);
}
