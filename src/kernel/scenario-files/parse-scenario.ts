/** One command of a scenario file, with the log that it must produce. */
export interface Block {
  /** The line of the command, counted from 1. */
  readonly line: number;
  readonly command: string;
  readonly words: readonly string[];
  /** YAML below the command; may be empty. */
  readonly body: string;
  readonly expected: string;
  /** What stands above the command: blank lines and comments, kept when the file is written again. */
  readonly above: string;
}

/** A scenario: what it shows, and its commands. */
export interface Scenario {
  readonly blocks: readonly Block[];
  readonly below: string;
}

const divider = '----';

/** Reads a scenario file: comments, then blocks of a command, its YAML, `----`, and the log up to a blank line. */
export function parseScenario(text: string, fileName: string): Scenario {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  let at = 0;
  const take = (until: (line: string) => boolean): string => {
    const start = at;
    while (at < lines.length && !until(lines[at] ?? '')) at++;
    return lines.slice(start, at).join('\n');
  };
  for (;;) {
    const above = take((line) => line !== '' && !line.startsWith('#'));
    if (at >= lines.length) return { blocks, below: above };
    const line = at + 1;
    const [command = '', ...words] = (lines[at] ?? '').split(/\s+/);
    at++;
    const body = take((next) => next === divider || next === '');
    if (lines[at] !== divider)
      throw new Error(`${fileName}:${line}: command ${command} has no ${divider} below it.`);
    at++;
    const expected = take((next) => next === '');
    blocks.push({ line, command, words, body, expected, above });
  }
}

/** Writes a scenario with other logs, one per block. */
export function printScenario(scenario: Scenario, logs: readonly string[]): string {
  const parts = scenario.blocks.map(({ command, words, body, above }, index) => {
    const head = [command, ...words].join(' ');
    return [
      ...(above === '' && index === 0 ? [] : [above]),
      head,
      ...(body === '' ? [] : [body]),
      divider,
      logs[index] ?? '',
    ];
  });
  return [...parts.flat(), scenario.below].join('\n');
}
