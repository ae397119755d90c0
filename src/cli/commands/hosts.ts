import type { Command } from 'commander';
import { sessionOf } from '../session.js';
import { refuseUnknownVerb } from './unknown-verb.js';

/** `starling hosts`: the machines that services run on. */
export function registerHosts(program: Command): void {
  const hosts = program
    .command('hosts')
    .description('list the machines that services run on, drain one, or forget one')
    .addHelpText('after', examples);
  hosts
    .command('list', { isDefault: true })
    .description('list hosts, also those that are gone')
    .allowExcessArguments()
    .action(async (_options: object, command: Command) => {
      refuseUnknownVerb(command);
      const { listHosts } = await import('../actions/hosts.js');
      await listHosts(sessionOf(command));
    });
  hosts
    .command('drain')
    .description('have a host keep nothing: its instances are moved, one after the other')
    .argument('<name>', 'the host')
    .option('--because <text>', 'why, for others who look')
    .option('--undo', 'let it take instances again')
    .action(async (name: string, options: { because?: string; undo?: boolean }, command: Command) => {
      const { drainHost } = await import('../actions/hosts.js');
      await drainHost(sessionOf(command), name, options);
    });
  hosts
    .command('remove')
    .description('forget a host that is gone; one that is there has to be drained first, and is told to end')
    .argument('<name>', 'the host')
    .action(async (name: string, _options: object, command: Command) => {
      const { removeHost } = await import('../actions/hosts.js');
      await removeHost(sessionOf(command), name);
    });
}

const examples = `
Examples:
  $ starling hosts
  $ starling hosts drain h2 --because 'it gets a new kernel'
  $ starling hosts drain h2 --undo
  $ starling hosts remove h2`;
