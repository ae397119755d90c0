import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runBlock } from './interpreter.js';
import { parseScenario, printScenario } from './parse-scenario.js';
import { World } from './world.js';

const folder = new URL('.', import.meta.url);
const update = process.env.UPDATE_SCENARIOS === '1';
const fileNames = readdirSync(folder).filter((name) => name.endsWith('.scenario.txt'));

describe('scenario', () => {
  it.each(fileNames)('%s', (fileName) => {
    const file = new URL(fileName, folder);
    const scenario = parseScenario(readFileSync(file, 'utf8'), fileName);
    const world = new World();
    const logs = scenario.blocks.map((block) => ({ block, log: runBlock(world, block) }));
    if (update) {
      const written = printScenario(
        scenario,
        logs.map(({ log }) => log),
      );
      writeFileSync(file, written);
      return;
    }
    for (const { block, log } of logs) expect(log, `${fileName}:${block.line}`).toBe(block.expected);
  });

  it('files are kept as they are by reading and writing', () => {
    const text =
      '# What it shows.\n\nplace ada\n{a: 1}\n----\none\ntwo\n\n# And then.\nadvance 1h\n----\nthree\n';
    const scenario = parseScenario(text, 'x');
    const logs = scenario.blocks.map(({ expected }) => expected);
    expect(logs).toEqual(['one\ntwo', 'three']);
    expect(printScenario(scenario, logs)).toBe(text);
  });

  it('files without a divider are told where', () => {
    expect(() => parseScenario('# x\nplace ada\n', 'y.scenario.txt')).toThrow(
      'y.scenario.txt:2: command place has no ---- below it.',
    );
  });
});
