import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { graphOf } from '../../systems/exchange/graphs/index.js';
import type { RequestView } from '../client/views.js';
import { graphFile, writeGraph } from './graph-file.js';

const folder = mkdtempSync(join(tmpdir(), 'starling-graph-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const graph = graphOf({
  algorithm: { name: 'average', column: 'Jobs.Scale', groupBy: ['People.Sex'], total: false },
  table: {
    columns: ['Sex', 'average', 'rows'],
    rows: [
      { Sex: 'M', average: 11.25, rows: 90 },
      { Sex: 'V', average: 10.5, rows: 80 },
    ],
    withheld: { groups: 0, total: false, minimumGroupSize: 10 },
  },
  dataSet: { measures: {} },
});
const view = (providers: readonly string[], graphs = true) =>
  ({
    id: 'r-1',
    results: providers.map((one) => ({ providers: [one], computedAt: one, ...(graphs ? { graph } : {}) })),
  }) as unknown as RequestView;

describe('the graph of an answer', () => {
  it('is drawn as SVG with its figures and names', async () => {
    const file = join(folder, 'one.svg');
    const bytes = await writeGraph(view(['VU']), graphFile(file));
    const svg = readFileSync(file, 'utf8');
    expect(svg).toHaveLength(bytes);
    for (const text of ['11.25', '10.5', 'Average of Scale by Sex', '>M<', '>V<'])
      expect(svg).toContain(text);
  });

  it('is drawn as PNG with two pixels for each unit, results beside each other', async () => {
    const [svg, png] = [join(folder, 'two.svg'), join(folder, 'two.png')];
    await writeGraph(view(['VU', 'UVA']), graphFile(svg));
    await writeGraph(view(['VU', 'UVA']), graphFile(png));
    const text = readFileSync(svg, 'utf8');
    expect(text).toContain('>UVA<');
    const [, width = 0, height = 0] = /viewBox="0 0 (\d+) (\d+)"/.exec(text)?.map(Number) ?? [];
    expect(await sharp(png).metadata()).toMatchObject({
      format: 'png',
      width: width * 2,
      height: height * 2,
    });
  });

  it('is not drawn where there is none, and in no unknown form', async () => {
    await expect(writeGraph(view(['VU'], false), graphFile('a.svg'))).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(() => graphFile('a.pdf')).toThrow(/\.svg, \.png, \.json/);
  });
});
