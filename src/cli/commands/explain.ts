import type { Command } from 'commander';
import { sessionOf } from '../session.js';

/** `starling explain`: why a request came to its end. */
export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description('tell who decided what about a request, what ran where, and what crossed a border')
    .argument('<id>', 'a request, or a job for its newest request')
    .addHelpText(
      'after',
      `
Examples:
  $ starling explain r-0k3x9w2ab7f1c
  $ starling explain r-0k3x9w2ab7f1c --json | jq '.crossings'`,
    )
    .action(async (id: string, _options: object, command: Command) => {
      const { explain } = await import('../actions/explain.js');
      await explain(sessionOf(command), id);
    });
}
