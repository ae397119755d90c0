import { type Command, InvalidArgumentError, Option } from 'commander';
import { withEngineOptions } from './engine-options.js';
import { keepReleases, withRetentionOptions } from './retention-options.js';

/** Registers `starling up`. */
export function registerUp(program: Command): void {
  const command = program.command('up');
  withEngineOptions(withRetentionOptions(command))
    .summary('run a whole consortium in this process')
    .description(
      'Run every role in one process: gateway, one agent per party, and their data. Storage is embedded unless engines are named.\n' +
        'Without a configuration file it is the example consortium, with sample data.',
    )
    .addOption(
      new Option('-c, --config <file>', 'the configuration').default(
        undefined,
        './starling.yaml, or the example',
      ),
    )
    .addOption(new Option('-d, --data <folder>', 'where everything is stored').default('./.starling'))
    .addOption(
      new Option('-p, --port <number>', 'the port of API and docs').default(8080).argParser(portNumber),
    )
    .addOption(new Option('--host <address>', 'a loopback address to listen on').default('127.0.0.1'))
    .addOption(new Option('--example', 'the example consortium; asks one question by itself'))
    .addOption(new Option('--auth', 'people show tokens, as `starling token` makes them'))
    .addOption(
      new Option(
        '--hosts <number>',
        'start so many hosts as processes of their own, for services to run on; else they run beside this process',
      ).argParser(hostCount),
    )
    .addOption(keepReleases())
    .addOption(
      new Option('--log-level <level>', 'what is logged')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('warn'),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ starling up --example               the example consortium and a first answer
  $ starling init && starling up        a consortium of your own
  $ starling up --auth                  ask everybody for a token
  $ starling up --hosts 3               run services on three hosts, each a process of its own
  $ starling up --port 9000 --data /srv/starling
  $ starling up --state etcd://127.0.0.1:2379 --queue nats://127.0.0.1:4222`,
    )
    .action(async (options) => {
      const { up } = await import('../actions/up.js');
      await up(options);
    });
}

function hostCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 16) return count;
  throw new InvalidArgumentError('Give how many hosts are started, a whole number from 1 to 16.');
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('Give a number from 0 to 65535; 0 takes any free port.');
}
