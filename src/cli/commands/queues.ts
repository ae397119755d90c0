import type { Command } from 'commander';
import { sessionOf } from '../session.js';
import type { PageChoice } from './page-options.js';
import { refuseUnknownVerb } from './unknown-verb.js';

/** `starling queues`: where work waits. */
export function registerQueues(program: Command): void {
  const queues = program
    .command('queues')
    .description('list queues, pause or resume one, or see to its dead letters')
    .addHelpText('after', examples);
  queues
    .command('list', { isDefault: true })
    .description('list queues: what waits, is worked on, and is dead')
    .allowExcessArguments()
    .action(async (_options: object, command: Command) => {
      refuseUnknownVerb(command);
      const { listQueues } = await import('../actions/queues.js');
      await listQueues(sessionOf(command));
    });
  for (const [verb, description] of [
    ['pause', 'give nothing to workers until it is resumed; what comes in is taken'],
    ['resume', 'go on with a queue that is paused'],
  ] as const)
    queues
      .command(verb)
      .description(description)
      .argument('<name>', 'the queue')
      .action(async (name: string, _options: object, command: Command) => {
        const { switchQueue } = await import('../actions/queues.js');
        await switchQueue(sessionOf(command), name, verb);
      });
  queues
    .command('dead')
    .description('list messages that are not delivered any more, and why')
    .argument('<name>', 'the queue')
    .option('--limit <number>', 'how many to list, at most 200 (default: 20)')
    .option('--after <message>', 'go on after this one, as the last line of a page says')
    .action(async (name: string, choice: PageChoice, command: Command) => {
      const { listDeadLetters } = await import('../actions/queues.js');
      await listDeadLetters(sessionOf(command), name, choice);
    });
  for (const [verb, description] of [
    ['retry', 'deliver dead letters again, as if they were new'],
    ['forget', 'forget dead letters for good'],
  ] as const)
    queues
      .command(verb)
      .description(description)
      .argument('<name>', 'the queue')
      .argument('[message...]', 'their numbers, as `starling queues dead` lists them')
      .option('--all', 'all that are there now', false)
      .action(async (name: string, messages: string[], { all }: { all: boolean }, command: Command) => {
        const { settleDeadLetters } = await import('../actions/queues.js');
        await settleDeadLetters(sessionOf(command), name, verb, messages, all);
      });
}

const examples = `
Examples:
  $ starling queues
  $ starling queues pause tasks
  $ starling queues dead tasks
  $ starling queues retry tasks 7 12
  $ starling queues forget tasks --all`;
