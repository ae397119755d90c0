import { describe, expect, it } from 'vitest';
import { parseScenario, printScenario } from './parse-scenario.js';

describe('scenario files', () => {
  it('are kept as they are by reading and writing', () => {
    const text =
      '# What it shows.\n\nplace ada\n{a: 1}\n----\none\ntwo\n\n# And then.\nadvance 1h\n----\nthree\n';
    const scenario = parseScenario(text, 'x');
    const logs = scenario.blocks.map(({ expected }) => expected);
    expect(logs).toEqual(['one\ntwo', 'three']);
    expect(printScenario(scenario, logs)).toBe(text);
  });

  it('without a divider are told where', () => {
    expect(() => parseScenario('# x\nplace ada\n', 'y.scenario.txt')).toThrow(
      'y.scenario.txt:2: command place has no ---- below it.',
    );
  });
});
