import type { Command } from 'commander';
import { sessionOf } from '../session.js';

/** `starling init`: a configuration to start from. */
export function registerInit(program: Command): void {
  program
    .command('init')
    .description('write a commented example configuration')
    .argument('[file]', 'where to; - for the standard output', 'starling.yaml')
    .option('--force', 'replace a file that is there')
    .addHelpText(
      'after',
      `
Examples:
  $ starling init
  $ starling init consortium.yaml --force
  $ starling init - | less`,
    )
    .action(async (file: string, options: { force?: boolean }, command: Command) => {
      const { init } = await import('../actions/init.js');
      await init(sessionOf(command), file, options.force === true);
    });
}
