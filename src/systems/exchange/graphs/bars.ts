import type { Json } from '../../../kernel/state/index.js';
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

/** Which column of the table a bar is as high as, and which says how much the values differ around it. */
export interface BarFigure {
  readonly value: string;
  readonly spread?: string;
  readonly title: string;
}

/** A bar for each group: the first group along the axis, the second in colours, the others in panels. */
export function bars(input: GraphInput, figure: BarFigure): Graph {
  const [group, series, ...others] = groupTitles(input);
  const rows = groupedRows(input).map(({ groups, values }) => {
    const [first = 'all', second, ...rest] = groups;
    return {
      group: first,
      ...(second === undefined ? {} : { series: second }),
      ...panelOf(rest),
      value: numberOf(values[figure.value]),
      label: labelOf(numberOf(values[figure.value])),
      ...bounds(numberOf(values[figure.value]), figure.spread && numberOf(values[figure.spread])),
    };
  });
  const x = nominal('group', group ?? null, {
    axis: { labelAngle: labelAngle(rows.map((row) => row.group)) },
  });
  const offset = series === undefined ? {} : { xOffset: { field: 'series', sort: null } };
  const colour = series === undefined ? {} : { color: nominal('series', series) };
  const beside = { x, ...offset };
  const layer: Json[] = [
    {
      mark: { type: 'bar', tooltip: true },
      encoding: { ...beside, y: quantitative('value', figure.title), ...colour },
    },
  ];
  if (figure.spread !== undefined) layer.push(spread(beside));
  layer.push({
    mark: { type: 'text', baseline: 'bottom', dy: -4, fontSize: 11 },
    encoding: {
      ...beside,
      y: { field: figure.spread === undefined ? 'value' : 'high', type: 'quantitative' },
      text: { field: 'label' },
    },
  });
  const step = series === undefined ? 64 : 44;
  return inPanels({ width: { step }, height: 260, layer }, rows, others);
}

function spread(beside: Graph): Json {
  const ends = { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } };
  return { mark: { type: 'rule', color: '#333333', strokeWidth: 1.5 }, encoding: { ...beside, ...ends } };
}

function bounds(value: number | null, by: number | string | null | undefined): Graph {
  if (by === undefined || by === '') return {};
  if (value === null || typeof by !== 'number') return { low: value, high: value };
  return { low: value - by, high: value + by };
}

/** Long names are read better at a slant than over each other. */
function labelAngle(labels: readonly string[]): number {
  return labels.every((label) => label.length <= 8) ? 0 : -35;
}
