import { bars } from './bars.js';
import { histogram } from './histogram.js';
import { intervals } from './intervals.js';
import { matrix } from './matrix.js';
import { type GraphInput, groupTitles, titleOf } from './panels.js';
import { points } from './points.js';
import { type Graph, graphConfig, vegaLiteSchema } from './style.js';

/** The graph of released figures as a Vega-Lite specification that has them in it. Pure. */
export function graphOf(input: GraphInput): Graph {
  const { algorithm, dataSet } = input;
  const columns = algorithm.columns ?? [];
  const measured =
    algorithm.column ?? algorithm.outcome?.column ?? (columns.length > 0 ? columns : undefined);
  const what = [measured ?? []]
    .flat()
    .map((column) => titleOf(column, dataSet))
    .join(', ');
  const figure = words(algorithm.name);
  const name = what === '' ? figure : `${figure} of ${what}`;
  const by = groupTitles(input);
  const text = by.length === 0 ? name : `${name} by ${by.join(', ')}`;
  const subtitle = notes(input);
  return {
    $schema: vegaLiteSchema,
    title: { text: text.charAt(0).toUpperCase() + text.slice(1), ...(subtitle === '' ? {} : { subtitle }) },
    ...picture(input, name, what),
    config: graphConfig,
  };
}

/** By the columns of the table, so that an algorithm that gives such figures is drawn without being named here. */
function picture(input: GraphInput, name: string, what: string): Graph {
  const { table, algorithm } = input;
  const has = (column: string) => table.columns.includes(column);
  if (has('correlation')) return matrix(input, 'correlation');
  if (has('covariance')) return matrix(input, 'covariance');
  if (has('coefficient')) return intervals(input, `coefficient (effect on ${what})`);
  if (has('quantile')) return points(input, what);
  if (has('standardDeviation')) {
    return bars(input, { value: 'mean', spread: 'standardDeviation', title: `mean of ${what}` });
  }
  if (algorithm.bins !== undefined || algorithm.name === 'histogram') return histogram(input, what);
  return bars(input, { value: algorithm.name, title: name });
}

function notes({ table }: GraphInput): string {
  const { groups, minimumGroupSize } = table.withheld;
  const said: string[] = [];
  if (table.columns.includes('standardDeviation')) said.push('Lines show one standard deviation either way.');
  if (table.columns.includes('coefficient'))
    said.push('Lines show intervals of 95 %; the intercept is left out.');
  if (groups > 0)
    said.push(
      `${groups} group${groups === 1 ? '' : 's'} of fewer than ${minimumGroupSize} persons withheld.`,
    );
  return said.join(' ');
}

/** `linearRegression` as `linear regression`. */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
