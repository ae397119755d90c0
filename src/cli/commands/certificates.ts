import { type Command, InvalidArgumentError } from 'commander';
import { sessionOf } from '../session.js';

/** `starling certificates`: a consortium's own authority for TLS, and its servers' certificates. */
export function registerCertificates(program: Command): void {
  const certificates = program
    .command('certificates')
    .description("make a consortium's authority and its servers' certificates, show a certificate")
    .addHelpText('after', examples);
  certificates
    .command('ca')
    .description('make an authority: ca.crt, which everybody gets, and ca.key, which stays with the operator')
    .requiredOption('--out <folder>', 'where ca.crt and ca.key are written')
    .option('--name <text>', 'what it is called', 'Starling consortium')
    .option('--days <number>', 'how long it is valid', wholeDays, 3650)
    .action(async (options: { out: string; name: string; days: number }, command: Command) => {
      const { makeCertificateAuthority } = await import('../actions/certificates.js');
      await makeCertificateAuthority(sessionOf(command), options);
    });
  certificates
    .command('issue')
    .description(
      'Make a key and a certificate for a server, named after the first of its names. --ca names the folder that has\n' +
        'ca.crt and ca.key.',
    )
    .summary('make a key and a certificate for a server; --ca FOLDER has the authority')
    .argument('<name...>', 'names and addresses that the server is reached by')
    .requiredOption('--out <folder>', 'where NAME.crt and NAME.key are written')
    .option('--days <number>', 'how long it is valid', wholeDays, 365)
    .action(
      async (names: [string, ...string[]], options: { out: string; days: number }, command: Command) => {
        const { issueServerCertificate } = await import('../actions/certificates.js');
        const { ca } = command.optsWithGlobals<{ ca?: string }>();
        await issueServerCertificate(sessionOf(command), names, { ...options, ca });
      },
    );
  certificates
    .command('show')
    .description('show whom a certificate is for, by whom, and until when')
    .argument('<file>', 'PEM, or - for the standard input')
    .action(async (file: string, _options: object, command: Command) => {
      const { showCertificates } = await import('../actions/certificates.js');
      await showCertificates(sessionOf(command), file);
    });
}

function wholeDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 36_500) return days;
  throw new InvalidArgumentError('Give a whole number of days from 1 to 36500.');
}

const examples = `
Examples:
  $ starling certificates ca --out ./ca --name 'Universities'
  $ starling certificates issue gateway.example.org 10.0.0.5 --ca ./ca --out ./tls
  $ starling certificates show ./tls/gateway.example.org.crt`;
