import type { Command } from 'commander';
import { sessionOf } from '../session.js';

/** `starling status`: how the gateway is. */
export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('show how the gateway is: version, storage, parties and their runs')
    .option('--health', 'only whether it can do its work, by the exit status; needs no token')
    .addHelpText(
      'after',
      `
Examples:
  $ starling status
  $ starling status --url http://127.0.0.1:9000 --json`,
    )
    .action(async ({ health }: { health?: boolean }, command: Command) => {
      const { checkHealth, status } = await import('../actions/status.js');
      await (health === true ? checkHealth(sessionOf(command)) : status(sessionOf(command)));
    });
}
