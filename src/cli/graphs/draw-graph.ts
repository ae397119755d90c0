import type { TopLevelSpec } from 'vega-lite';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Graph } from '../../systems/exchange/graphs/index.js';

/** Pixels of a PNG for each of the graph's own, so that letters are sharp. */
const pixels = 2;
/** Dots per inch in which an SVG has one pixel for each unit. */
const plainDensity = 72;

/** One graph beside the other, each with a heading of its own; one alone as it is. */
export function besideEachOther(
  graphs: readonly { readonly heading: string; readonly graph: Graph }[],
): Graph {
  const [first, ...others] = graphs;
  if (first === undefined) throw new RangeError('There is nothing to draw.');
  const { $schema = null, config = null } = first.graph;
  if (others.length === 0) return first.graph;
  const hconcat = graphs.map(({ heading, graph }) => {
    const { $schema: _schema, config: _config, title, ...rest } = graph;
    return { ...rest, title: withHeading(title, heading) };
  });
  return { $schema, config, hconcat, spacing: 48 };
}

/** A graph as SVG text. Throws `internal` where it is no specification of Vega-Lite. */
export async function drawSvg(graph: Graph): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const told: string[] = [];
  const tell = (...words: readonly unknown[]) => told.push(words.join(' '));
  const logger = vega.logger(vega.Warn, undefined, (_write, _level, words) => tell(...words));
  // whatever the specification asks for, nothing is fetched
  const loader = { ...vega.loader(), load: refuse, sanitize: refuse, http: refuse, file: refuse };
  try {
    const { spec } = compile(graph as unknown as TopLevelSpec, { logger });
    const view = new vega.View(vega.parse(spec), { renderer: 'none', loader, logger });
    const svg = await view.toSVG();
    view.finalize();
    if (told.length === 0) return svg;
  } catch (error) {
    throw new StarlingError('internal', 'The graph of the answer cannot be drawn.', { cause: error });
  }
  throw new StarlingError('internal', `The graph of the answer cannot be drawn: ${told.join('; ')}.`);
}

/** An SVG as the bytes of a PNG, with two pixels for each of its units. */
export async function drawPng(svg: string): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(svg), { density: plainDensity * pixels })
    .png()
    .toBuffer();
}

function withHeading(title: Graph[string] | undefined, heading: string): Graph {
  const own = { ...(title as Graph | undefined) };
  const lines = [heading, own.subtitle ?? null].filter((line) => typeof line === 'string');
  return { ...own, subtitle: lines };
}

async function refuse(): Promise<never> {
  throw new StarlingError(
    'internal',
    'A graph asks for something from elsewhere, and has to have all of it.',
  );
}
