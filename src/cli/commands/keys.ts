import type { Command } from 'commander';
import type { RotateOptions } from '../actions/keys.js';
import { sessionOf } from '../session.js';

/** `starling keys`: the key that a gateway or an agent signs with. */
export function registerKeys(program: Command): void {
  const keys = program
    .command('keys')
    .description('show or rotate the key of the gateway or the agent on this machine')
    .addHelpText('after', examples);
  keys
    .command('show')
    .description('show the key, how often it was rotated, and the keys of counterparties that are pinned')
    .requiredOption('-d, --data <folder>', 'the folder of the gateway or the agent')
    .action(async ({ data }: { data: string }, command: Command) => {
      const { showKeys } = await import('../actions/keys.js');
      await showKeys(sessionOf(command), data);
    });
  keys
    .command('rotate')
    .description(
      'put a new key in the place of the old one, which vouches for it; also while the process runs',
    )
    .requiredOption('-d, --data <folder>', 'the folder of the gateway or the agent')
    .option('--issuer', "the key of the gateway's own issuer of tokens, instead of the gateway's")
    .action(async (options: RotateOptions, command: Command) => {
      const { rotateKey } = await import('../actions/keys.js');
      await rotateKey(sessionOf(command), options);
    });
}

const examples = `
Examples:
  $ starling keys show --data /var/lib/starling/vu
  $ starling keys rotate --data /var/lib/starling/vu`;
