import type { Command } from 'commander';
import { sessionOf } from '../session.js';

/** `starling audit`: who asked what of whose data, what left the house, and whether the log says all of it. */
export function registerAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('show who asked what of your data and what left the house; export or verify the log')
    .addHelpText('after', examples);
  audit
    .command('show')
    .description(
      'who asked what, what was decided, what left: of a party (its steward), or the gateway (operator)',
    )
    .argument('[party]', "the party; left out: the gateway's own log")
    .option('-d, --data <folder>', 'read the folder of an agent or a gateway on this machine instead')
    .option('--limit <number>', 'how many to list, at most 200 (default: 50)')
    .option('--after <sequence>', 'go on after this one, as the last line of a page says')
    .action(async (party: string | undefined, options: object, command: Command) => {
      const { showAudit } = await import('../actions/audit.js');
      await showAudit(sessionOf(command), party, options);
    });
  audit
    .command('export')
    .description('write the whole log as lines of JSON, with its signed head and the heads of others')
    .argument('[party]', "the party; left out: the gateway's own log")
    .option('-d, --data <folder>', 'read the folder of an agent or a gateway on this machine instead')
    .option('-o, --output <file>', 'the file to write, which must not be there', '-')
    .action(
      async (party: string | undefined, options: { data?: string; output: string }, command: Command) => {
        const { exportAudit } = await import('../actions/audit.js');
        await exportAudit(sessionOf(command), party, options);
      },
    );
  audit
    .command('verify')
    .description('find what was changed, removed, moved or written anew; exit status 1 where anything was')
    .argument('[file]', 'an exported log')
    .option('-d, --data <folder>', 'verify the log in the folder of an agent or a gateway instead')
    .option('--heads <file...>', 'logs that counterparties exported: they kept signed heads of this one')
    .action(
      async (
        file: string | undefined,
        options: { data?: string; heads?: readonly string[] },
        command: Command,
      ) => {
        const { verifyAuditOf } = await import('../actions/audit.js');
        await verifyAuditOf(sessionOf(command), file, options);
      },
    );
}

const examples = `
Examples:
  $ starling audit show VU                                        as a steward of VU, through the gateway
  $ starling audit show --data /var/lib/starling/vu               on the agent's machine, whether it runs or not
  $ starling audit export --data /var/lib/starling/gateway --output gateway.jsonl
  $ starling audit verify --data /var/lib/starling/vu --heads gateway.jsonl`;
