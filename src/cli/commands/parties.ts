import type { Command } from 'commander';
import { sessionOf } from '../session.js';
import { refuseUnknownVerb } from './unknown-verb.js';

/** `starling parties`: the organisations that take part. */
export function registerParties(program: Command): void {
  const parties = program
    .command('parties')
    .description('list and show the organisations that take part, and whether they are there')
    .addHelpText(
      'after',
      `
Examples:
  $ starling parties
  $ starling parties show VU`,
    );
  parties
    .command('list', { isDefault: true })
    .description('list parties')
    .allowExcessArguments()
    .action(async (_options: object, command: Command) => {
      refuseUnknownVerb(command);
      const { listParties } = await import('../actions/parties.js');
      await listParties(sessionOf(command));
    });
  parties
    .command('show')
    .description('show a party: its data sets, its runs, and what is weaker there')
    .argument('<id>', 'the party')
    .action(async (id: string, _options: object, command: Command) => {
      const { showParty } = await import('../actions/parties.js');
      await showParty(sessionOf(command), id);
    });
}
