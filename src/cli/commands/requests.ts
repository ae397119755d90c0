import type { Command } from 'commander';
import { sessionOf } from '../session.js';
import { type PageChoice, withPageOptions } from './page-options.js';
import { refuseUnknownVerb } from './unknown-verb.js';

/** `starling requests`: questions that were asked. */
export function registerRequests(program: Command): void {
  const requests = program
    .command('requests')
    .description('list, show, save, draw, erase or cancel requests')
    .addHelpText('after', examples);
  const list = requests.command('list', { isDefault: true }).description('list requests, newest first');
  withPageOptions(list)
    .allowExcessArguments()
    .action(async (choice: PageChoice, command: Command) => {
      refuseUnknownVerb(command);
      const { listRequests } = await import('../actions/requests.js');
      await listRequests(sessionOf(command), choice);
    });
  requests
    .command('show')
    .description('print the answer of a request again')
    .argument('<id>', 'the request')
    .action(async (id: string, _options: object, command: Command) => {
      const { showRequest } = await import('../actions/requests.js');
      await showRequest(sessionOf(command), id);
    });
  requests
    .command('save')
    .description('write the answer of a request, or of a job, to a .csv, .arrow or .json file')
    .argument('<id>', 'the request or the job')
    .argument('<file>', 'the file; an existing one is replaced when the answer is complete')
    .option('--result <number>', 'of several results, only this one, counted from 0')
    .action(async (id: string, file: string, options: { result?: string }, command: Command) => {
      const { saveAnswer } = await import('../actions/save-answer.js');
      await saveAnswer(sessionOf(command), id, file, options.result);
    });
  requests
    .command('graph')
    .description('draw the graph of an answer that was asked for with one')
    .argument('<id>', 'the request')
    .argument('<file>', 'an .svg, .png or .json (Vega-Lite) file')
    .action(async (id: string, file: string, _options: object, command: Command) => {
      const { drawRequest } = await import('../actions/requests.js');
      await drawRequest(sessionOf(command), id, file);
    });
  requests
    .command('erase')
    .description('erase the answer of a request at once; its record stays')
    .argument('<id>', 'the request')
    .action(async (id: string, _options: object, command: Command) => {
      const { eraseAnswer } = await import('../actions/requests.js');
      await eraseAnswer(sessionOf(command), id);
    });
  requests
    .command('cancel')
    .description('stop a request that runs')
    .argument('<id>', 'the request')
    .action(async (id: string, _options: object, command: Command) => {
      const { cancelRequest } = await import('../actions/requests.js');
      await cancelRequest(sessionOf(command), id);
    });
}

const examples = `
Examples:
  $ starling requests
  $ starling requests list --user ada@university.example --limit 5
  $ starling requests show r-0k3x9w2ab7f1c
  $ starling requests save r-0k3x9w2ab7f1c answer.csv
  $ starling requests graph r-0k3x9w2ab7f1c answer.png
  $ starling requests cancel r-0k3x9w2ab7f1c`;
