import { Command } from 'commander';
import { defaultUrl } from './client/api-client.js';
import { registrations } from './commands/index.js';
import { packageVersion } from './consortium/version.js';

/** Every command of `starling`, ready to parse. A command line that cannot be understood throws a `CommanderError`. */
export function createProgram(): Command {
  const program = new Command('starling')
    .description('Answers questions over data that several organisations keep for themselves.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help for a command')
    .helpCommand('help [command]', 'print help for a command')
    .option('--json', 'print JSON for programs; errors go to the standard error as JSON')
    .option('--url <url>', `address of the gateway (default: STARLING_URL, or ${defaultUrl})`)
    .option(
      '--token <token>',
      'who calls, where the gateway asks for it; @FILE reads a file (default: STARLING_TOKEN)',
    )
    .option('--ca <file>', "certificates of the consortium's authority, PEM (default: STARLING_CA)")
    .addHelpText('after', overview);
  // subcommands take over what is set before they are made
  program
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError();
  for (const register of registrations) register(program);
  return program;
}

const overview = `
Examples:
  $ starling up --example              start everything, with made-up data of four organisations
  $ starling data                      what data there is, and what may be asked
  $ starling ask --user ada@university.example --providers VU,UVA
  $ starling explain r-0k3x9w2ab7f1c   who decided what, and what left the house

Exit status: 0 done, 1 Starling failed, 2 wrong input, 3 refused by an agreement or rule, 4 not there or ended,
5 not available now, 130 ended by Ctrl-C.`;
