import type { PageOptions } from './explanation-page.js';
import { bytesText, durationText, timeText } from './figures.js';
import { type Paint, plain } from './paint.js';
import { type TableCell, table } from './table.js';

/** How the gateway is, as `/api/v1/status` tells it. */
export interface StatusView {
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  /** The folder that everything is stored in. */
  readonly storage?: string;
  readonly memory: { readonly residentBytes: number };
  /** A party without an agent is neither online nor offline. */
  readonly parties: readonly {
    readonly id: string;
    readonly name: string;
    readonly online?: boolean;
    /** Of the agreement in force at its agent. */
    readonly agreementVersion?: number;
    /** Names in it that are not configured, and so allow nothing. */
    readonly unknownInAgreement?: readonly string[];
  }[];
  /** Whether it believes whom a request names, or tokens. */
  readonly access?: 'open' | 'signed-in';
  /** When its certificate ends; absent without TLS. */
  readonly certificate?: { readonly expiresAt: string; readonly daysLeft: number };
  readonly requests: { readonly running: number };
  /** The newest revision of the configuration. */
  readonly revision: number;
}

/** The status of the gateway at `url` as a page. */
export function statusPage(url: string, status: StatusView, options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  const { version, startedAt, uptimeSeconds, storage, memory, parties, requests, revision } = status;
  const { access, certificate } = status;
  const named = parties.map(({ id, online, agreementVersion }) => {
    if (online === undefined) return id;
    const agreement = agreementVersion === undefined ? '' : ` (agreement ${agreementVersion})`;
    return `${id} ${online ? paint('good', 'online') : paint('bad', 'offline')}${agreement}`;
  });
  const unknown = parties.flatMap(({ id, unknownInAgreement = [] }) =>
    unknownInAgreement.map((why) => paint('doubtful', `${id}: ${why}`)),
  );
  const rows: TableCell[][] = [
    ['API', `${url}/api/v1`],
    ['Docs', `${url}/docs`],
    ['Version', version],
    ['Up', `${durationText(uptimeSeconds * 1000)}, since ${timeText(startedAt)}`],
    ...(access === undefined ? [] : [['Access', access === 'open' ? 'open' : 'by token']]),
    ...(certificate === undefined ? [] : [['Certificate', certificateText(certificate, paint)]]),
    ...(storage === undefined ? [] : [['Storage', storage]]),
    ['Memory', `${bytesText(memory.residentBytes)} resident, without runs`],
    ['Parties', named.join(', ') || '-'],
    ...(unknown.length === 0 ? [] : [['Allows nothing', unknown.join('\n')]]),
    ['Requests', `${requests.running} running`],
    ['Configuration', `revision ${revision}`],
  ];
  return table(['', ''], rows, { width });
}

/** A certificate that ends sooner is marked; see `kernel/certificates`. */
const soonDays = 30;

function certificateText(
  { expiresAt, daysLeft }: NonNullable<StatusView['certificate']>,
  paint: Paint,
): string {
  const left = daysLeft < 0 ? 'has expired' : `${daysLeft} days left`;
  return `until ${timeText(expiresAt)}, ${daysLeft < soonDays ? paint('doubtful', left) : left}`;
}
