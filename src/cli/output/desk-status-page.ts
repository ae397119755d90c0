import type { DeskStatus } from '../desk/operations.js';
import type { PageOptions } from './explanation-page.js';
import { timeText } from './figures.js';
import { plain } from './paint.js';
import { type TableCell, table, titled } from './table.js';

/** How the gateway or the agent of a folder stands. */
export function deskStatusPage(folder: string, status: DeskStatus, options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  const { owner, key, pid, agreement, gateway, connection, gateways = [], dataSets, url, parties } = status;
  const standing = (isGood: boolean, text: string) => paint(isGood ? 'good' : 'bad', text);
  const connected = ({ state, since, error }: NonNullable<DeskStatus['connection']>) =>
    `${standing(state === 'connected', state)}, since ${timeText(since)}${error === undefined ? '' : `: ${error.message}`}`;
  const rows: TableCell[][] = [
    ['Owner', owner],
    ['Storage', folder],
    ['Process', pid === undefined ? 'none runs' : `${pid}`],
    ['Key', key],
    ...(url === undefined ? [] : [['API', `${url}/api/v1`]]),
    ...(gateway === undefined ? [] : [['Gateway', gateway]]),
    ...(connection === undefined ? [] : [['Connection', connected(connection)]]),
    ...titled(
      'Gateways',
      gateways.map((one) => `${one.url} ${connected(one)}`),
    ),
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
