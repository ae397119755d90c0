import type { Command } from 'commander';
import type { TaskChoice } from '../actions/tasks.js';
import { sessionOf } from '../session.js';
import { refuseUnknownVerb } from './unknown-verb.js';

/** `starling tasks`: what became of uploaded files. */
export function registerTasks(program: Command): void {
  const tasks = program
    .command('tasks')
    .description('list, show, retry or cancel tasks, or download their results')
    .addHelpText('after', examples);
  tasks
    .command('list', { isDefault: true })
    .description('list tasks, oldest first')
    .option('--state <state>', 'only those that are uploading, queued, leased, done, failed or cancelled')
    .option('--batch <name>', 'only those of this upload')
    .option('--filter <name>', 'only those with this filter')
    .option('--limit <number>', 'how many to list, at most 1000 (default: 100)')
    .option('--after <id>', 'go on after this one, as the last line of a page says')
    .allowExcessArguments()
    .action(async (choice: TaskChoice, command: Command) => {
      refuseUnknownVerb(command);
      const { listTasks } = await import('../actions/tasks.js');
      await listTasks(sessionOf(command), choice);
    });
  tasks
    .command('show')
    .description('show a task and its history')
    .argument('<id>', 'the task')
    .action(async (id: string, _options: object, command: Command) => {
      const { showTask } = await import('../actions/tasks.js');
      await showTask(sessionOf(command), id);
    });
  tasks
    .command('retry')
    .description('try a task again that failed or was cancelled, or all that failed')
    .argument('[id]', 'the task')
    .option('--failed', 'all that failed')
    .option('--batch <name>', 'of those only the ones of this upload')
    .action(
      async (id: string | undefined, options: { failed?: boolean; batch?: string }, command: Command) => {
        const { retryTasks } = await import('../actions/tasks.js');
        await retryTasks(sessionOf(command), id, options);
      },
    );
  tasks
    .command('cancel')
    .description('cancel a task')
    .argument('<id>', 'the task')
    .action(async (id: string, _options: object, command: Command) => {
      const { cancelTask } = await import('../actions/tasks.js');
      await cancelTask(sessionOf(command), id);
    });
  tasks
    .command('download')
    .description('write the results of an upload to a folder; no file that is there is replaced')
    .requiredOption('--batch <name>', 'the upload')
    .option('--out <folder>', 'where to', 'results')
    .action(async (options: { batch: string; out: string }, command: Command) => {
      const { downloadResults } = await import('../actions/download-results.js');
      await downloadResults(sessionOf(command), options);
    });
}

const examples = `
Examples:
  $ starling tasks --batch archive-2030 --state failed
  $ starling tasks show t-0lqu5m2o00000cfecfd2d
  $ starling tasks retry --failed --batch archive-2030
  $ starling tasks download --batch archive-2030 --out results`;
