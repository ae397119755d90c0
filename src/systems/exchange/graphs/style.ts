import type { Json } from '../../../kernel/state/index.js';

/** A Vega-Lite specification, version 6. Plain JSON. */
export type Graph = Readonly<Record<string, Json>>;

/** The schema that a specification names. */
export const vegaLiteSchema = 'https://vega.github.io/schema/vega-lite/v6.json';

/** The colours of Okabe and Ito (2008), "Color universal design", without yellow and black, which are hard to read on white. */
const colours = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00'];

/** What all graphs look like. */
export const graphConfig: Graph = {
  background: 'white',
  padding: 14,
  font: 'Helvetica, Arial, sans-serif',
  title: { anchor: 'start', fontSize: 15, subtitleFontSize: 12, subtitleColor: '#555555', offset: 12 },
  axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal', labelLimit: 220, grid: false },
  axisY: { grid: true, gridColor: '#E5E5E5' },
  header: { labelFontSize: 12, labelFontWeight: 'bold', titleFontSize: 12 },
  legend: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal' },
  range: { category: colours },
  bar: { color: '#0072B2' },
  view: { stroke: null },
};
