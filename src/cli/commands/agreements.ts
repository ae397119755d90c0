import type { Command } from 'commander';
import { sessionOf } from '../session.js';
import { refuseUnknownVerb } from './unknown-verb.js';

/** `starling agreements`: what each provider allows, and whom. */
export function registerAgreements(program: Command): void {
  const agreements = program
    .command('agreements')
    .description('list, show, dry-run, put or remove agreements: what each provider allows, and whom')
    .addHelpText('after', examples);
  agreements
    .command('list', { isDefault: true })
    .description('list agreements')
    .allowExcessArguments()
    .action(async (_options: object, command: Command) => {
      refuseUnknownVerb(command);
      const { listAgreements } = await import('../actions/agreements.js');
      await listAgreements(sessionOf(command));
    });
  agreements
    .command('show')
    .description('print an agreement as YAML, ready to be changed and put')
    .argument('<party>', 'the provider')
    .action(async (party: string, _options: object, command: Command) => {
      const { showAgreement } = await import('../actions/agreements.js');
      await showAgreement(sessionOf(command), party);
    });
  agreements
    .command('put')
    .description('replace an agreement; jobs that it touches are checked again at once')
    .argument('<party>', 'the provider')
    .argument('<file>', 'YAML or JSON, or - for the standard input')
    .option('--if-revision <number>', 'only if this is still its revision; 0: only if there is none')
    .action(async (party: string, file: string, options: { ifRevision?: string }, command: Command) => {
      const { putAgreement } = await import('../actions/agreements.js');
      await putAgreement(sessionOf(command), party, file, options.ifRevision);
    });
  agreements
    .command('dry-run')
    .description('what an agreement would touch: requesters, live jobs and data sets; changes nothing')
    .argument('<party>', 'the provider')
    .argument('<file>', 'YAML or JSON, or - for the standard input')
    .action(async (party: string, file: string, _options: object, command: Command) => {
      const { dryRunAgreement } = await import('../actions/agreements.js');
      await dryRunAgreement(sessionOf(command), party, file);
    });
  agreements
    .command('remove')
    .description('remove an agreement: its provider allows nothing any more')
    .argument('<party>', 'the provider')
    .option('--if-revision <number>', 'only if this is still its revision')
    .action(async (party: string, options: { ifRevision?: string }, command: Command) => {
      const { removeAgreement } = await import('../actions/agreements.js');
      await removeAgreement(sessionOf(command), party, options.ifRevision);
    });
}

const examples = `
Examples:
  $ starling agreements
  $ starling agreements show VU > vu.yaml
  $ starling agreements dry-run VU vu.yaml
  $ starling agreements put VU vu.yaml
  $ starling agreements remove RUG`;
