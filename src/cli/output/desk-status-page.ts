import type { DeskStatus } from '../desk/operations.js';
import type { PageOptions } from './explanation-page.js';
import { timeText } from './figures.js';
import { plain } from './paint.js';
import { type TableCell, table } from './table.js';

/** How the gateway or the agent of a folder stands. */
export function deskStatusPage(folder: string, status: DeskStatus, options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  const { owner, key, pid, agreement, gateway, connection, dataSets, url, parties } = status;
  const standing = (isGood: boolean, text: string) => paint(isGood ? 'good' : 'bad', text);
  const rows: TableCell[][] = [
    ['Owner', owner],
    ['Storage', folder],
    ['Process', pid === undefined ? 'none runs' : `${pid}`],
    ['Key', key],
    ...(url === undefined ? [] : [['API', `${url}/api/v1`]]),
    ...(gateway === undefined ? [] : [['Gateway', gateway]]),
    ...(connection === undefined
      ? []
      : [
          [
            'Connection',
            `${standing(connection.state === 'connected', connection.state)}, since ${timeText(connection.since)}${connection.error === undefined ? '' : `: ${connection.error.message}`}`,
          ],
        ]),
    ...(agreement === undefined
      ? []
      : [
          [
            'Agreement',
            `version ${agreement.version}, since ${timeText(agreement.signedAt)}${agreement.isRemoved ? ': removed, it allows nothing' : ''}`,
          ],
        ]),
    ...(dataSets === undefined
      ? []
      : [['Data sets', dataSets.map(({ name, state }) => `${name} ${state}`).join(', ') || '-']]),
    ...(parties === undefined
      ? []
      : [
          [
            'Parties',
            parties
              .map(({ party, online }) => `${party} ${standing(online, online ? 'online' : 'offline')}`)
              .join(', ') || '-',
          ],
        ]),
  ];
  return table(['', ''], rows, { width });
}
