import { exampleConfiguration } from '../../systems/exchange/configuration/template.js';
import type { Session } from '../session.js';
import { writeConfiguration } from './write-configuration.js';

/** `starling init`: writes the example configuration; replaces a file only where `force` is given. */
export async function init(session: Session, file: string, force: boolean): Promise<void> {
  const text = exampleConfiguration();
  if (file === '-') {
    session.terminal.out(text.trimEnd());
    return;
  }
  await writeConfiguration(file, text, force);
  session.show({ file }, () =>
    [
      `Wrote ${file}: the example consortium, with a comment on each part.`,
      '',
      `  starling check ${file}`,
      `  starling up --config ${file}`,
    ].join('\n'),
  );
}
