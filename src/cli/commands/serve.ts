import { type Command, InvalidArgumentError, Option } from 'commander';
import { sessionOf } from '../session.js';
import { withEngineOptions } from './engine-options.js';
import { keepReleases, withRetentionOptions } from './retention-options.js';

/** `starling serve`: one role alone, on a machine of its own. */
export function registerServe(program: Command): void {
  const serve = program
    .command('serve')
    .description('run a gateway, the agent of one party, or a host, alone on this machine')
    .addHelpText('after', examples);
  withEngineOptions(withRetentionOptions(serve.command('gateway')))
    .description(
      'Run the gateway of a consortium. People show tokens: those of the issuers in the section access of the configuration,\n' +
        'or those that `starling token` makes. Agents dial in; agreements come from them alone.',
    )
    .requiredOption('-c, --config <file>', 'parties, data sets, archetypes')
    .requiredOption('-d, --data <folder>', "the gateway's own folder")
    .option(
      '--apply-configuration',
      'where other gateways run: put what the file changes into force at all of them',
    )
    .option('--host <address>', 'the address to listen on; others than loopback need TLS', '127.0.0.1')
    .option('-p, --port <number>', 'the port', port, 8080)
    .option('--tls-cert <file>', 'its certificate with what signed it, PEM; read again when it changes')
    .option('--tls-key <file>', 'the key of the certificate, PEM')
    .option('--public-url <url>', 'where people and agents reach it, where that is another address')
    .addOption(
      new Option(
        '--services <where>',
        'where services run: as processes of this machine, or on hosts that dial in; else here, or on hosts where gateways share a state',
      ).choices(['here', 'hosts']),
    )
    .option(
      '--own-url <url>',
      'where agents and other gateways reach this very one, where that is another address',
    )
    .option('--allow-host <host...>', 'further names that it is called by')
    .option('--drain-seconds <n>', 'how long it serves on after it said that it is not ready', seconds, 2)
    .option('--grace-seconds <n>', 'how long what was asked may take to end when it stops', seconds, 30)
    .addOption(logLevel())
    .action(async (options, command: Command) => {
      const { runGateway } = await import('../actions/serve-gateway.js');
      await runGateway(options, sessionOf(command).ca);
    });
  serve
    .command('agent')
    .description(
      'Run the agent of one party, next to its data. It dials out to the gateway that it is enrolled at, and needs no open port\n' +
        '(unless rows are sent to it: --listen-rows).\n' +
        'Its configuration has its data sets, where their rows are, and its agreement; a change of the file is taken over at once.',
    )
    .requiredOption('--party <id>', 'whose agent it is')
    .requiredOption('-c, --config <file>', "the agent's own configuration")
    .requiredOption('-d, --data <folder>', "the agent's own folder")
    .option(
      '--listen-rows <host:port>',
      'where a compute provider takes rows from agents of providers, over TLS',
    )
    .option('--rows-address <url>', 'where those reach it, where that is another address')
    .option('--rows-quota <megabytes>', 'how much of rows is taken at a time; else 20,000', megabytes)
    .addOption(keepReleases())
    .addOption(logLevel())
    .action(async (options) => {
      const { runAgent } = await import('../actions/serve-agent.js');
      await runAgent(options);
    });
  registerHost(serve);
}

function registerHost(serve: Command): void {
  serve
    .command('host')
    .description(
      'Run a host: places for instances of services. It dials the gateway, is given instances to keep, and tells of them; cut off, it\n' +
        'ends them before they are given to another host. Give several gateways of one consortium, and the next is asked where one\n' +
        'does not answer. The authorities of a consortium are named by --ca, as for any command.',
    )
    .option('--name <name>', 'its name, which no other host has; that of this machine if not given')
    .requiredOption('--capacity <number>', 'how many instances it has places for', places)
    .requiredOption('--gateway <url...>', 'where the gateway is')
    .option(
      '--token-file <file>',
      'the token that `starling token --role host:NAME` makes; read anew for each call',
    )
    .requiredOption('-d, --data <folder>', "the host's own folder")
    .addOption(logLevel())
    .action(async (options, command: Command) => {
      const { runHost } = await import('../actions/serve-host.js');
      await runHost(options, sessionOf(command).ca);
    });
}

function places(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1_000) return value;
  throw new InvalidArgumentError('Give how many instances it has places for, a whole number from 1 to 1000.');
}

const logLevel = (): Option =>
  new Option('--log-level <level>', 'what is logged')
    .choices(['debug', 'info', 'warn', 'error'])
    .default('info');

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError('Give a number from 0 to 65535; 0 takes any free port.');
}

function megabytes(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Give a whole number of megabytes.');
}

function seconds(text: string): number {
  const value = Number(text);
  if (text !== '' && value >= 0 && value <= 3_600) return value;
  throw new InvalidArgumentError('Give a number of seconds from 0 to 3600.');
}

const examples = `
Examples:
  $ starling serve gateway --config starling.yaml --data /var/lib/starling/gateway --host 0.0.0.0 --port 8443 \\
      --tls-cert tls/gateway.example.org.crt --tls-key tls/gateway.example.org.key --public-url https://gateway.example.org:8443
  $ starling serve gateway --config starling.yaml --data /var/lib/starling/gateway --public-url https://starling.example.org \\
      --state etcd://e1:2379,e2:2379,e3:2379 --queue nats://n1:4222,n2:4222,n3:4222   one of several behind a load balancer
  $ starling serve agent --party VU --config vu.yaml --data /var/lib/starling/vu
  $ starling serve agent --party SURF --config surf.yaml --data /var/lib/starling/surf \\
      --listen-rows 0.0.0.0:8444 --rows-address https://rows.surf.example:8444
  $ starling serve host --name h1 --capacity 8 --gateway https://gateway.example.org:8443 --token-file h1.token \\
      --data /var/lib/starling/h1`;
