import type { Command } from 'commander';
import { sessionOf } from '../session.js';

/** `starling check`: whether a configuration is valid. */
export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('check a configuration, and print every error with file, line and column')
    .argument('[file]', 'the configuration', 'starling.yaml')
    .addHelpText(
      'after',
      `
Examples:
  $ starling check
  $ starling check consortium.yaml --json`,
    )
    .action(async (file: string, _options: object, command: Command) => {
      const { check } = await import('../actions/check.js');
      await check(sessionOf(command), file);
    });
}
