import type { Command } from 'commander';
import { sessionOf } from '../session.js';

/** `starling import`: a configuration from what another system is configured by. */
export function registerImport(program: Command): void {
  const noun = program
    .command('import')
    .description('make a configuration of the files of another system')
    .addHelpText(
      'after',
      `
Examples:
  $ starling import dynamos configuration/etcd_launch_files --data python/sql-query`,
    );
  noun
    .command('dynamos')
    .description('make a configuration of the launch files of DYNAMOS')
    .argument('<folder>', 'where agreements.json, archetype.json and the others are')
    .option('-o, --out <file>', 'where to; - for the standard output', 'starling.yaml')
    .option(
      '--data <folder>',
      'where tables are, as TABLE_PARTY.csv; PARTY=FOLDER for those of one party, as TABLE.csv too; may be repeated (default: the folder itself)',
      (value: string, earlier: readonly string[]) => [...earlier, value],
      [] as readonly string[],
    )
    .option('--force', 'replace a file that is there')
    .addHelpText(
      'after',
      `
Examples:
  $ starling import dynamos configuration/etcd_launch_files --data python/sql-query
  $ starling import dynamos launch --data VU=/data/vu --data UVA=/data/uva --out consortium.yaml
  $ starling import dynamos launch --data tables --json`,
    )
    .action(
      async (
        folder: string,
        options: { out: string; data: readonly string[]; force?: boolean },
        command: Command,
      ) => {
        const { importDynamos } = await import('../actions/import-dynamos.js');
        await importDynamos(sessionOf(command), folder, { ...options, force: options.force === true });
      },
    );
}
