import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Block, parseScenario, printScenario } from './parse-scenario.js';

const update = process.env.UPDATE_SCENARIOS === '1';

/**
 * Runs every `*.scenario.txt` of a folder, each in a world of its own; with `UPDATE_SCENARIOS=1` it writes them anew
 * instead. Call it in a test file; it uses vitest, and must not be imported by anything else.
 *
 * @param run carries out one command, and gives its log
 */
export function describeScenarios<World>(
  folder: URL,
  newWorld: () => World,
  run: (world: World, block: Block) => string,
): void {
  const fileNames = readdirSync(folder).filter((name) => name.endsWith('.scenario.txt'));
  describe('scenario', () => {
    it.each(fileNames)('%s', (fileName) => {
      const file = new URL(fileName, folder);
      const scenario = parseScenario(readFileSync(file, 'utf8'), fileName);
      const world = newWorld();
      const logs = scenario.blocks.map((block) => ({ block, log: run(world, block) }));
      if (update) {
        const texts = logs.map(({ log }) => log);
        writeFileSync(file, printScenario(scenario, texts));
        return;
      }
      for (const { block, log } of logs) expect(log, `${fileName}:${block.line}`).toBe(block.expected);
    });
  });
}
