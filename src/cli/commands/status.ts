import type { Command } from 'commander';
import { sessionOf } from '../session.js';

/** `starling status`: how the gateway is. */
export function registerStatus(program: Command): void {
  program
    .command('status')
    .description(
      'show how the gateway is: version, storage, parties and their runs; or a folder on this machine',
    )
    .option('-d, --data <folder>', 'how the gateway or the agent of a folder on this machine stands instead')
    .option('--health', 'only whether it can do its work, by the exit status; needs no token')
    .addHelpText(
      'after',
      `
Examples:
  $ starling status
  $ starling status --url http://127.0.0.1:9000 --json
  $ starling status --data /var/lib/starling/vu`,
    )
    .action(async ({ health, data }: { health?: boolean; data?: string }, command: Command) => {
      if (data !== undefined) {
        const { deskStatus } = await import('../actions/desk-status.js');
        await deskStatus(sessionOf(command), data);
        return;
      }
      const { checkHealth, status } = await import('../actions/status.js');
      await (health === true ? checkHealth(sessionOf(command)) : status(sessionOf(command)));
    });
}
