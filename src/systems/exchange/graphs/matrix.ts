import type { Json } from '../../../kernel/state/index.js';
import { type GraphInput, groupedRows, groupTitles, inPanels, nominal, numberOf, panelOf } from './panels.js';
import type { Graph } from './style.js';

/** A coloured field for each pair of columns, on both sides of the diagonal; groups in panels. */
export function matrix(input: GraphInput, figure: 'correlation' | 'covariance'): Graph {
  const columns = new Set<string>();
  const rows: Graph[] = [];
  for (const { groups, values } of groupedRows(input)) {
    const [one, other] = [String(values.first), String(values.second)];
    const field = { ...panelOf(groups), value: numberOf(values[figure]) };
    rows.push({ ...field, one, other });
    if (one !== other) rows.push({ ...field, one: other, other: one });
    columns.add(one).add(other);
  }
  const between = figure === 'correlation';
  const order: Json[] = [...columns];
  const axes = {
    x: nominal('one', null, { sort: order, axis: { labelAngle: -35, grid: false } }),
    y: nominal('other', null, { sort: order, axis: { grid: false } }),
  };
  const scale = between ? { scheme: 'blueorange', domain: [-1, 1] } : { scheme: 'blueorange', domainMid: 0 };
  const unit: Graph = {
    width: { step: 84 },
    height: { step: 60 },
    layer: [
      {
        mark: { type: 'rect', tooltip: true, stroke: 'white', strokeWidth: 2 },
        encoding: { ...axes, color: { field: 'value', type: 'quantitative', title: figure, scale } },
      },
      {
        mark: { type: 'text', fontSize: 13 },
        encoding: {
          ...axes,
          text: { field: 'value', format: between ? '.3f' : '.4~g' },
        },
      },
    ],
  };
  return inPanels(unit, rows, groupTitles(input));
}
