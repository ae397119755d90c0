import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Graph } from '../../systems/exchange/graphs/index.js';
import type { RequestView, ResultView } from '../client/views.js';
import { besideEachOther, drawPng, drawSvg } from './draw-graph.js';

const endings = ['.svg', '.png', '.json'] as const;

/** A file that a graph is to be written to. */
export interface GraphFile {
  readonly file: string;
  readonly ending: (typeof endings)[number];
}

/** Throws `input-invalid` for an ending that says nothing. */
export function graphFile(file: string): GraphFile {
  const ending = endings.find((one) => one === extname(file).toLowerCase());
  if (ending !== undefined) return { file, ending };
  const message = `${file} does not say how to draw the graph: let it end in ${endings.join(', ')} (the specification itself).`;
  throw new StarlingError('input-invalid', message, { details: { file } });
}

/**
 * Draws the graphs of an answer into a file, and gives its size in bytes; several results stand beside each other. Throws
 * `not-found` where the answer has no graph, and `storage-failed`.
 */
export async function writeGraph(view: RequestView, { file, ending }: GraphFile): Promise<number> {
  const graphs = view.results.flatMap(({ graph, ...result }) =>
    graph === undefined ? [] : [{ heading: headingOf(result), graph: graph as Graph }],
  );
  if (graphs.length === 0) {
    const message = `Request ${view.id} has no graph. Ask with --graph FILE, or with the option graph; an answer is kept for a while only.`;
    throw new StarlingError('not-found', message, { details: { request: view.id } });
  }
  const graph = besideEachOther(graphs);
  const svg = ending === '.json' ? '' : await drawSvg(graph);
  const bytes =
    ending === '.png'
      ? await drawPng(svg)
      : Buffer.from(ending === '.svg' ? svg : JSON.stringify(graph, null, 2));
  try {
    await writeFile(file, bytes);
  } catch (error) {
    throw StarlingError.from(error, 'storage-failed', `${file} could not be written`);
  }
  return bytes.length;
}

function headingOf({ providers }: Pick<ResultView, 'providers'>): string {
  return providers.join(', ');
}
