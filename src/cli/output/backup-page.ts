import type { Manifest } from '../../kernel/data-folder/index.js';
import { amountText, bytesText, timeText } from './figures.js';
import { table } from './table.js';

/** What a backup has in it, as a page. */
export function backupPage({ madeAt, version, folders, files }: Manifest): string {
  const owners = folders.map(({ kind, party }) => (kind === 'gateway' ? 'gateway' : `agent of ${party}`));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return table(
    ['', ''],
    [
      ['Of', owners.join(', ')],
      ['Made', `${timeText(madeAt)} by Starling ${version}`],
      ['Has', `${amountText(files.length, 'file')}, ${bytesText(bytes)}`],
    ],
  );
}
