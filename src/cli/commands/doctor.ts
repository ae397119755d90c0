import type { Command } from 'commander';
import { sessionOf } from '../session.js';

/** `starling doctor`: whether this machine can run Starling. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check whether this machine can run Starling, and what is weaker than it could be')
    .option('--data <folder>', 'the data folder that is to be used')
    .option('--port <number>', 'the port that is to be used')
    .addHelpText(
      'after',
      `
Examples:
  $ starling doctor
  $ starling doctor --data /var/lib/starling --port 9000

Exit status: 1 where something failed, 0 where something is only weaker.`,
    )
    .action(async (options: { data?: string; port?: string }, command: Command) => {
      const { doctor } = await import('../doctor/doctor.js');
      await doctor(sessionOf(command), options);
    });
}
