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

/** Standard errors on either side within which 95 of 100 estimates lie, where there are many rows. */
const errorsBeside = 1.96;
/** The term that is no predictor: its size is another than theirs. */
const intercept = 'intercept';

/** A point for each coefficient of a regression, with its interval of 95 %, beside zero; groups in panels. */
export function intervals(input: GraphInput, title: string): Graph {
  const rows = groupedRows(input).flatMap(({ groups, values }) => {
    const coefficient = numberOf(values.coefficient);
    if (coefficient === null || isIntercept(values.term)) return [];
    const beside = errorsBeside * (numberOf(values.standardError) ?? 0);
    const ends = { low: coefficient - beside, high: coefficient + beside };
    return [
      { ...panelOf(groups), term: String(values.term), coefficient, label: labelOf(coefficient), ...ends },
    ];
  });
  const y = nominal('term', null);
  const x = quantitative('coefficient', title);
  const unit: Graph = {
    width: 380,
    height: { step: 44 },
    layer: [
      { mark: { type: 'rule', color: '#888888', strokeDash: [4, 3] }, encoding: { x: { datum: 0 } } },
      {
        mark: { type: 'rule', strokeWidth: 2, color: '#0072B2' },
        encoding: { y, x: quantitative('low', title), x2: { field: 'high' } },
      },
      {
        mark: { type: 'point', filled: true, size: 90, color: '#0072B2', tooltip: true },
        encoding: { y, x },
      },
      {
        mark: { type: 'text', dy: -12, fontSize: 11 },
        encoding: { y, x, text: { field: 'label' } },
      },
    ],
  };
  return inPanels(unit, rows, groupTitles(input));
}

function isIntercept(term: unknown): boolean {
  return String(term).replace(/[()]/g, '').toLowerCase() === intercept;
}
