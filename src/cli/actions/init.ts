import { writeFile } from 'node:fs/promises';
import { isSystemError, StarlingError } from '../../kernel/errors/index.js';
import { exampleConfiguration } from '../../systems/exchange/configuration/template.js';
import type { Session } from '../session.js';

/** `starling init`: writes the example configuration; replaces a file only where `force` is given. */
export async function init(session: Session, file: string, force: boolean): Promise<void> {
  const text = exampleConfiguration();
  if (file === '-') {
    session.terminal.out(text.trimEnd());
    return;
  }
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (thrown) {
    throw writeFailure(thrown, file);
  }
  session.show({ file }, () =>
    [
      `Wrote ${file}: the example consortium, with a comment on each part.`,
      '',
      `  starling check ${file}`,
      `  starling up --config ${file}`,
    ].join('\n'),
  );
}

function writeFailure(thrown: unknown, file: string): StarlingError {
  const refuse = (message: string) =>
    new StarlingError('input-invalid', message, { cause: thrown, details: { file } });
  if (isSystemError(thrown, 'EEXIST')) {
    return refuse(`${file} is there already. Name another file, or replace it with --force.`);
  }
  if (isSystemError(thrown, 'ENOENT')) {
    return refuse(`The folder of ${file} is not there. Make it, or name another file.`);
  }
  if (isSystemError(thrown, 'EISDIR')) return refuse(`${file} is a folder. Name a file in it.`);
  return StarlingError.from(thrown, 'storage-failed', `${file} could not be written`);
}
