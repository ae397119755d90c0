import type { Command } from 'commander';
import { sessionOf } from '../session.js';
import { refuseUnknownVerb } from './unknown-verb.js';

/** Where an agreement is read or changed at its agent, on this machine, and not through the gateway. */
interface AtAgent {
  readonly data?: string;
  readonly config?: string;
  readonly ifRevision?: string;
}

const atAgent = [
  '-d, --data <folder>',
  "at the agent itself, in its folder on this machine, as the party's own doing; needs no gateway and no token",
] as const;
const configuration = [
  '-c, --config <file>',
  'with --data, while the agent is stopped: its configuration, which an agreement has to fit',
] as const;

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
    .option(...atAgent)
    .action(async (party: string, { data }: AtAgent, command: Command) => {
      if (data !== undefined) {
        const { showAtDesk } = await import('../actions/desk-agreements.js');
        await showAtDesk(sessionOf(command), { data, party });
        return;
      }
      const { showAgreement } = await import('../actions/agreements.js');
      await showAgreement(sessionOf(command), party);
    });
  agreements
    .command('put')
    .description('replace an agreement; jobs that it touches are checked again at once')
    .argument('<party>', 'the provider')
    .argument('<file>', 'YAML or JSON, or - for the standard input')
    .option('--if-revision <number>', 'only if this is still its revision; 0: only if there is none')
    .option(...atAgent)
    .option(...configuration)
    .action(async (party: string, file: string, options: AtAgent, command: Command) => {
      const { data, config, ifRevision } = options;
      if (data !== undefined) {
        const { putAtDesk } = await import('../actions/desk-agreements.js');
        await putAtDesk(sessionOf(command), { data, party, config }, file, ifRevision);
        return;
      }
      const { putAgreement } = await import('../actions/agreements.js');
      await putAgreement(sessionOf(command), party, file, options.ifRevision);
    });
  agreements
    .command('dry-run')
    .description('what an agreement would touch: requesters, live jobs and data sets; changes nothing')
    .argument('<party>', 'the provider')
    .argument('<file>', 'YAML or JSON, or - for the standard input')
    .option(...atAgent)
    .option(...configuration)
    .action(async (party: string, file: string, { data, config }: AtAgent, command: Command) => {
      if (data !== undefined) {
        const { dryRunAtDesk } = await import('../actions/desk-agreements.js');
        await dryRunAtDesk(sessionOf(command), { data, party, config }, file);
        return;
      }
      const { dryRunAgreement } = await import('../actions/agreements.js');
      await dryRunAgreement(sessionOf(command), party, file);
    });
  agreements
    .command('remove')
    .description('remove an agreement: its provider allows nothing any more')
    .argument('<party>', 'the provider')
    .option('--if-revision <number>', 'only if this is still its revision')
    .option(...atAgent)
    .action(async (party: string, options: AtAgent, command: Command) => {
      const { data, ifRevision } = options;
      if (data !== undefined) {
        const { removeAtDesk } = await import('../actions/desk-agreements.js');
        await removeAtDesk(sessionOf(command), { data, party }, ifRevision);
        return;
      }
      const { removeAgreement } = await import('../actions/agreements.js');
      await removeAgreement(sessionOf(command), party, ifRevision);
    });
}

const examples = `
Examples:
  $ starling agreements
  $ starling agreements show VU > vu.yaml
  $ starling agreements dry-run VU vu.yaml
  $ starling agreements put VU vu.yaml
  $ starling agreements remove RUG
  $ starling agreements put VU vu.yaml --data /var/lib/starling/vu      at the agent's machine`;
