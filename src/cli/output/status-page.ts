import { type EngineStatusView, engineRows } from './engine-rows.js';
import type { PageOptions } from './explanation-page.js';
import { bytesText, durationText, timeText } from './figures.js';
import { type Paint, plain } from './paint.js';
import { type TableCell, table, titled } from './table.js';

/** How the gateway is, as `/api/v1/status` tells it. */
export interface StatusView {
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  /** The folder that everything is stored in. */
  readonly storage?: string;
  /** What things are stored in. */
  readonly engines?: readonly EngineStatusView[];
  /** The gateways of the consortium that are there. */
  readonly gateways?: readonly {
    readonly url: string;
    /** ISO 8601, UTC. */
    readonly startedAt: string;
    readonly version: string;
    /** Whether it is the one that answers. */
    readonly isThis: boolean;
  }[];
  readonly memory: { readonly residentBytes: number };
  /** A party without an agent is neither online nor offline. */
  readonly parties: readonly {
    readonly id: string;
    readonly name: string;
    readonly online?: boolean;
    /** ISO 8601, UTC; since when it is online or offline. */
    readonly since?: string;
    /** By how much its agent's clock was ahead when it last connected. */
    readonly clockDifferenceMs?: number;
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
  readonly jobs: { readonly live: number };
  readonly warnings: readonly { readonly message: string }[];
  /** The newest revision of the configuration. */
  readonly revision: number;
}

/** The status of the gateway at `url` as a page. */
export function statusPage(url: string, status: StatusView, options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  const { version, startedAt, uptimeSeconds, storage, memory, parties, requests, revision } = status;
  const { access, certificate, jobs, warnings, engines = [], gateways = [] } = status;
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
    ...engineRows(engines, paint),
    ...titled('Gateways', gateways.length > 1 ? byUrl(gateways).map(gatewayText) : []),
    ['Memory', `${bytesText(memory.residentBytes)} resident, without runs`],
    ...titled(
      'Parties',
      parties.map((party) => partyText(party, paint)),
    ),
    ...titled('Allows nothing', unknown),
    ['Requests', `${requests.running} running`],
    ['Jobs', `${jobs.live} live`],
    ['Configuration', `revision ${revision}`],
    ...titled(
      'Warnings',
      warnings.map(({ message }) => paint('doubtful', message)),
    ),
  ];
  return table(['', ''], rows, { width });
}

/** In the same order whichever of them is asked. */
function byUrl<One extends { readonly url: string }>(gateways: readonly One[]): One[] {
  return [...gateways].sort((one, other) => (one.url < other.url ? -1 : 1));
}

function gatewayText({
  url,
  startedAt,
  version,
  isThis,
}: NonNullable<StatusView['gateways']>[number]): string {
  return `${url}, ${version}, since ${timeText(startedAt)}${isThis ? ', this one' : ''}`;
}

function partyText(party: StatusView['parties'][number], paint: Paint): string {
  const { id, online, since, clockDifferenceMs, agreementVersion } = party;
  if (online === undefined) return `${id}, without an agent`;
  return [
    `${id} ${online ? paint('good', 'online') : paint('bad', 'offline')}`,
    ...(since === undefined ? [] : [`since ${timeText(since)}`]),
    ...(agreementVersion === undefined ? [] : [`agreement ${agreementVersion}`]),
    ...(clockDifferenceMs === undefined ? [] : [clockText(clockDifferenceMs)]),
  ].join(', ');
}

function clockText(aheadMs: number): string {
  if (Math.abs(aheadMs) < 1_000) return 'clock right';
  return `clock ${durationText(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead' : 'behind'}`;
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
