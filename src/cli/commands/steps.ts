import type { Command } from 'commander';
import { sessionOf } from '../session.js';
import { refuseUnknownVerb } from './unknown-verb.js';

/** `starling steps`: the operations that chains are composed of. */
export function registerSteps(program: Command): void {
  const steps = program
    .command('steps')
    .description('list and show steps, and try one of your own against its contract')
    .addHelpText(
      'after',
      `
Examples:
  $ starling steps
  $ starling steps show regions
  $ starling steps check regions --config agent.yaml`,
    );
  steps
    .command('list', { isDefault: true })
    .description('list steps')
    .allowExcessArguments()
    .action(async (_options: object, command: Command) => {
      refuseUnknownVerb(command);
      const { listSteps } = await import('../actions/steps.js');
      await listSteps(sessionOf(command));
    });
  steps
    .command('show')
    .description('show a step: where it belongs, and of a foreign one its columns and address')
    .argument('<name>', 'the step')
    .action(async (name: string, _options: object, command: Command) => {
      const { showStep } = await import('../actions/steps.js');
      await showStep(sessionOf(command), name);
    });
  steps
    .command('check')
    .description('send made-up rows to a foreign step, and say what is wrong with what it gives')
    .argument('<name>', 'the step')
    .option('--config <file>', 'the configuration that declares it', 'starling.yaml')
    .option('--token-file <file>', 'the file with the token that it is sent')
    .addHelpText(
      'after',
      `
Examples:
  $ starling steps check regions
  $ starling steps check regions --config agent.yaml --token-file step-tokens/regions --json`,
    )
    .action(async (name: string, options: { config: string; tokenFile?: string }, command: Command) => {
      const { tryStep } = await import('../actions/steps.js');
      await tryStep(sessionOf(command), name, options);
    });
}
