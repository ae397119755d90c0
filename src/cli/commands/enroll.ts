import { type Command, InvalidArgumentError } from 'commander';
import { sessionOf } from '../session.js';
import { refuseUnknownVerb } from './unknown-verb.js';

/** `starling enroll`: how a gateway and an agent come to know each other's keys. */
export function registerEnroll(program: Command): void {
  const enroll = program
    .command('enroll')
    .description('invite the agent of a party, accept an invitation, list or revoke enrolments')
    .addHelpText('after', examples);
  enroll
    .command('list', { isDefault: true })
    .description('list parties that are enrolled or invited (operator)')
    .allowExcessArguments()
    .action(async (_options: object, command: Command) => {
      refuseUnknownVerb(command);
      const { listEnrolments } = await import('../actions/enroll.js');
      await listEnrolments(sessionOf(command));
    });
  enroll
    .command('invite')
    .description('print a one-time token for the agent of a party; an earlier one is void (operator)')
    .argument('<party>', 'the party')
    .option('--days <number>', 'how long the token counts, 1 to 30', days, 7)
    .action(async (party: string, options: { days: number }, command: Command) => {
      const { invite } = await import('../actions/enroll.js');
      await invite(sessionOf(command), party, options.days);
    });
  enroll
    .command('accept')
    .description("enrol this machine's agent: make its key, and pin the gateway's")
    .argument('<token>', 'the one-time token, or @FILE')
    .requiredOption('-d, --data <folder>', "the agent's own folder")
    .option('-y, --yes', 'do not ask whether the gateway is the right one')
    .action(async (token: string, options: { data: string; yes?: boolean }, command: Command) => {
      const { accept } = await import('../actions/enroll-accept.js');
      await accept(sessionOf(command), token, options);
    });
  enroll
    .command('revoke')
    .description('forget the key of a party and end its stream (operator)')
    .argument('<party>', 'the party')
    .action(async (party: string, _options: object, command: Command) => {
      const { revokeEnrolment } = await import('../actions/enroll.js');
      await revokeEnrolment(sessionOf(command), party);
    });
}

function days(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 30) return value;
  throw new InvalidArgumentError('Give a whole number of days from 1 to 30.');
}

const examples = `
Examples:
  $ starling enroll invite VU --url https://gateway.example.org:8443 --ca ca.crt      at the operator's
  $ starling enroll accept starling-enrol.… --data /var/lib/starling/vu --ca ca.crt   at the party's
  $ starling enroll
  $ starling enroll revoke VU`;
