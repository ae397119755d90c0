import type { Command } from 'commander';
import { sessionOf } from '../session.js';
import { type PageChoice, withPageOptions } from './page-options.js';
import { refuseUnknownVerb } from './unknown-verb.js';

/** `starling jobs`: approved requests, which may be asked again until they end. */
export function registerJobs(program: Command): void {
  const jobs = program
    .command('jobs')
    .description('list, show or revoke jobs: approved requests, which may be asked again')
    .addHelpText('after', examples);
  const list = jobs.command('list', { isDefault: true }).description('list jobs');
  withPageOptions(list)
    .allowExcessArguments()
    .action(async (choice: PageChoice, command: Command) => {
      refuseUnknownVerb(command);
      const { listJobs } = await import('../actions/jobs.js');
      await listJobs(sessionOf(command), choice);
    });
  jobs
    .command('show')
    .description('show a job: its chains, and what happened to it')
    .argument('<id>', 'the job')
    .action(async (id: string, _options: object, command: Command) => {
      const { showJob } = await import('../actions/jobs.js');
      await showJob(sessionOf(command), id);
    });
  jobs
    .command('revoke')
    .description('end a job now, and stop what it runs')
    .argument('<id>', 'the job')
    .requiredOption('--cause <text>', 'why, for the people whose job it is')
    .action(async (id: string, options: { cause: string }, command: Command) => {
      const { revokeJob } = await import('../actions/jobs.js');
      await revokeJob(sessionOf(command), id, options.cause);
    });
}

const examples = `
Examples:
  $ starling jobs
  $ starling jobs show ada-0f3b2c1d
  $ starling ask --job ada-0f3b2c1d --algorithm count       ask it again
  $ starling jobs revoke ada-0f3b2c1d --cause 'the project has ended'`;
