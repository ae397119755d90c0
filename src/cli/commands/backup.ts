import type { Command } from 'commander';
import { sessionOf } from '../session.js';

/** `starling backup` and `starling restore`: copies of the folders of gateway and agents. */
export function registerBackup(program: Command): void {
  program
    .command('backup')
    .summary('copy the data folder of a gateway or an agent, also while it runs')
    .description(
      'Copy the data folder of a gateway or an agent, also while it runs: state, keys, agreements, audit log, and uploaded\n' +
        'files with their tasks; what was acknowledged before it began is in it. Imported data and answers are left out. Whoever has the backup has the private keys: keep it closed.',
    )
    .requiredOption('-d, --data <folder>', 'the data folder, or one that has several in it, as `up` makes it')
    .requiredOption('--to <folder>', 'the folder that the backup becomes; it must not be there')
    .addHelpText(
      'after',
      `
Examples:
  $ starling backup --data /var/lib/starling/gateway --to /backup/gateway-2026-01-31
  $ starling backup --data ./.starling --to ./before-the-change
  $ starling restore /backup/gateway-2026-01-31 --data /var/lib/starling/gateway`,
    )
    .action(async ({ data, to }: { data: string; to: string }, command: Command) => {
      const { backup } = await import('../actions/backup.js');
      await backup(sessionOf(command), data, to);
    });
  program
    .command('restore')
    .summary('make a data folder of a backup')
    .description('Make a data folder of a backup, after every file in it was checked.')
    .argument('<backup>', 'the folder that `starling backup` wrote')
    .requiredOption('-d, --data <folder>', 'the folder to make; it must be empty or not there')
    .addHelpText(
      'after',
      `
Examples:
  $ starling restore /backup/gateway-2026-01-31 --data /var/lib/starling/gateway`,
    )
    .action(async (from: string, { data }: { data: string }, command: Command) => {
      const { restoreBackup } = await import('../actions/backup.js');
      await restoreBackup(sessionOf(command), from, data);
    });
}
