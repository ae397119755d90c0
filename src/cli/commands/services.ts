import { type Command, InvalidArgumentError } from 'commander';
import { sessionOf } from '../session.js';
import { refuseUnknownVerb } from './unknown-verb.js';

/** `starling services`: what a gateway keeps running. */
export function registerServices(program: Command): void {
  const services = program
    .command('services')
    .description('list the services that are kept running, scale or restart one, or read what it writes')
    .addHelpText('after', examples);
  services
    .command('list', { isDefault: true })
    .description('list services and their instances')
    .allowExcessArguments()
    .action(async (_options: object, command: Command) => {
      refuseUnknownVerb(command);
      const { listServices } = await import('../actions/services.js');
      await listServices(sessionOf(command));
    });
  services
    .command('scale')
    .description('say how many instances are wanted')
    .argument('<name>', 'the service')
    .argument('<replicas>', 'how many, within the range of the service', replicas)
    .option('--because <text>', 'why, for others who look')
    .action(async (name: string, count: number, options: { because?: string }, command: Command) => {
      const { scaleService } = await import('../actions/services.js');
      await scaleService(sessionOf(command), name, count, options.because);
    });
  services
    .command('restart')
    .description('replace every instance, one after the other')
    .argument('<name>', 'the service')
    .action(async (name: string, _options: object, command: Command) => {
      const { restartService } = await import('../actions/services.js');
      await restartService(sessionOf(command), name);
    });
  services
    .command('logs')
    .description('show what the instances of a service write')
    .argument('<name>', 'the service')
    .option('-f, --follow', 'go on with what is written from now on, until Ctrl-C')
    .option('--last <number>', 'how many lines that are there already', lines, 100)
    .option('--instance <id>', 'only those of this instance')
    .action(async (name: string, options, command: Command) => {
      const { showLogs } = await import('../actions/services.js');
      await showLogs(sessionOf(command), name, options);
    });
}

function replicas(text: string): number {
  return wholeNumber(text, 'Give how many instances are wanted, a whole number.');
}

function lines(text: string): number {
  return wholeNumber(text, 'Give how many lines to show, a whole number.');
}

function wholeNumber(text: string, advice: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(advice);
}

const examples = `
Examples:
  $ starling services
  $ starling services scale photo-worker 4 --because 'the archive sends 10,000 photos'
  $ starling services restart photo-worker
  $ starling services logs photo-worker -f`;
