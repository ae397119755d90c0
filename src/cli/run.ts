import { CommanderError } from 'commander';
import { StarlingError } from '../kernel/errors/index.js';
import { Interrupted } from './interrupt.js';
import { errorText, machineError } from './output/error-text.js';
import { openTerminal } from './output/terminal.js';
import { createProgram } from './program.js';

/** Runs one command line, without the program's own name, and gives its exit status. Never rejects. */
export async function run(words: readonly string[]): Promise<number> {
  const terminal = openTerminal(process.stdout, process.stderr, process.env);
  try {
    await createProgram().parseAsync([...words], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (thrown) {
    if (thrown instanceof Interrupted) return thrown.exitStatus;
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    const error = thrown instanceof CommanderError ? usageError(thrown) : StarlingError.from(thrown);
    const json = words.includes('--json');
    terminal.note(json ? machineError(error) : errorText(error, terminal.paintNote));
    if (error.code === 'internal' && process.env.STARLING_DEBUG) {
      terminal.note(thrown instanceof Error ? String(thrown.stack) : String(thrown));
    }
    return error.exitStatus;
  }
}

/** What commander says of a command line that cannot be understood, as a sentence of ours. */
function usageError({ message, code }: CommanderError): StarlingError {
  if (code === 'commander.help') {
    return new StarlingError('input-invalid', 'A command is missing. `starling --help` lists them.');
  }
  const text = message
    .replace(/^error: /, '')
    .replace(/\n/g, ' ')
    .trim();
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  const ended = /[.)?!]$/.test(sentence) ? sentence : `${sentence}.`;
  return new StarlingError('input-invalid', `${ended} Add --help to see what there is.`);
}
