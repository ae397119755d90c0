import type { Command } from 'commander';
import { sessionOf } from '../session.js';
import { refuseUnknownVerb } from './unknown-verb.js';

/** `starling users`: people whom the operator removed from the gateway. */
export function registerUsers(program: Command): void {
  const users = program
    .command('users')
    .description('list who is removed from the gateway, remove a person, or admit one again')
    .addHelpText('after', examples);
  users
    .command('list', { isDefault: true })
    .description('list who is removed, and why')
    .allowExcessArguments()
    .action(async (_options: object, command: Command) => {
      refuseUnknownVerb(command);
      const { listUsers } = await import('../actions/users.js');
      await listUsers(sessionOf(command));
    });
  users
    .command('remove')
    .description('end all jobs of a person, stop what runs for them, and take no more requests')
    .argument('<id>', 'the person')
    .requiredOption('--cause <text>', 'why, for the person')
    .action(async (id: string, options: { cause: string }, command: Command) => {
      const { removeUser } = await import('../actions/users.js');
      await removeUser(sessionOf(command), id, options.cause);
    });
  users
    .command('admit')
    .description('let a person ask again who was removed')
    .argument('<id>', 'the person')
    .action(async (id: string, _options: object, command: Command) => {
      const { admitUser } = await import('../actions/users.js');
      await admitUser(sessionOf(command), id);
    });
}

const examples = `
Examples:
  $ starling users
  $ starling users remove ada@university.example --cause 'Her appointment ended.'
  $ starling users admit ada@university.example`;
