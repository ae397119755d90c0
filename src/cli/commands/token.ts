import { type Command, InvalidArgumentError } from 'commander';
import { sessionOf } from '../session.js';

/** `starling token`: tokens of a gateway's own issuer. */
export function registerToken(program: Command): void {
  program
    .command('token')
    .summary("make a token that a gateway's own issuer vouches for")
    .description(
      "Make a token that says who somebody is and what they may do, signed with the key in the gateway's folder.\n" +
        'It is printed alone, so that it can be taken into a variable; it cannot be taken back before it ends.',
    )
    .requiredOption('--user <id>', 'who it is for, as agreements name them')
    .requiredOption(
      '--role <role...>',
      'what they may do: requester, operator, steward:PARTY, service:NAME, host:NAME',
    )
    .option('--name <text>', 'the name that people read')
    .option('--hours <number>', 'how long it counts', hours, 12)
    .option('-d, --data <folder>', "the gateway's folder, or that of `up`", './.starling')
    .addHelpText(
      'after',
      `
Examples:
  $ starling token --user ada@university.example --role requester
  $ export STARLING_TOKEN=$(starling token --user carl@vu.example --role steward:VU --hours 1)
  $ starling token --user olga@surf.example --role operator --data /var/lib/starling/gateway`,
    )
    .action(async (options, command: Command) => {
      const { mintToken } = await import('../actions/token.js');
      await mintToken(sessionOf(command), options);
    });
}

function hours(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 8784) return value;
  throw new InvalidArgumentError('Give a number of hours, above 0 and at most 8784.');
}
