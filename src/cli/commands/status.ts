import type { Command } from 'commander';
import { sessionOf } from '../session.js';

/** `starling status`: how the gateway is. */
export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('show how the gateway is: version, storage, parties and their runs')
    .addHelpText(
      'after',
      `
Examples:
  $ starling status
  $ starling status --url http://127.0.0.1:9000 --json`,
    )
    .action(async (_options: object, command: Command) => {
      const { status } = await import('../actions/status.js');
      await status(sessionOf(command));
    });
}
