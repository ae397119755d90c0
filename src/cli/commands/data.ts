import type { Command } from 'commander';
import { sessionOf } from '../session.js';
import { refuseUnknownVerb } from './unknown-verb.js';

/** `starling data`: what data there is, and what may be asked of it. */
export function registerData(program: Command): void {
  const data = program
    .command('data')
    .description('list and show data sets: tables, rows, what may be asked and by whom')
    .addHelpText(
      'after',
      `
Examples:
  $ starling data
  $ starling data show wageGap`,
    );
  data
    .command('list', { isDefault: true })
    .description('list data sets with their providers')
    .allowExcessArguments()
    .action(async (_options: object, command: Command) => {
      refuseUnknownVerb(command);
      const { listDataSets } = await import('../actions/data.js');
      await listDataSets(sessionOf(command));
    });
  data
    .command('show')
    .description('show a data set: columns, rejected lines, what may be asked and by whom')
    .argument('<name>', 'the data set')
    .action(async (name: string, _options: object, command: Command) => {
      const { showDataSet } = await import('../actions/data.js');
      await showDataSet(sessionOf(command), name);
    });
}
