import { bytesText } from './figures.js';
import type { Paint } from './paint.js';
import { type TableCell, titled } from './table.js';

/** How one engine is, as `/api/v1/status` tells it. */
export interface EngineStatusView {
  readonly use: 'state' | 'queue' | 'blobs';
  readonly engine: string;
  readonly at: string;
  readonly durability?: string;
  readonly revision?: number;
  readonly version?: string;
  readonly cluster?: string;
  readonly databaseBytes?: number;
  readonly alarms?: readonly string[];
  readonly members?: readonly {
    readonly address: string;
    readonly isReachable: boolean;
    readonly isLeader?: boolean;
    readonly behind?: number;
  }[];
  readonly problem?: string;
}

const titles: Readonly<Record<EngineStatusView['use'], string>> = {
  state: 'State',
  queue: 'Queue',
  blobs: 'Blobs',
};

/** The engines that are not embedded, as rows of the page of a gateway's status. */
export function engineRows(engines: readonly EngineStatusView[], paint: Paint): TableCell[][] {
  if (engines.every(({ engine }) => engine === 'embedded')) return [];
  return engines.flatMap((engine) => titled(titles[engine.use], engineTexts(engine, paint)));
}

function engineTexts(engine: EngineStatusView, paint: Paint): string[] {
  const { at, version, cluster, revision, databaseBytes, durability, members = [], alarms = [] } = engine;
  const facts = [
    at,
    ...(version === undefined ? [] : [`version ${version}`]),
    ...(cluster === undefined ? [] : [`cluster ${cluster}`]),
    ...(revision === undefined || engine.engine === 'embedded' ? [] : [`revision ${revision}`]),
    ...(databaseBytes === undefined ? [] : [bytesText(databaseBytes)]),
  ];
  return [
    facts.join(', '),
    ...(durability === undefined || engine.engine === 'embedded' ? [] : [durability]),
    ...members.map((member) => memberText(member, paint)),
    ...alarms.map((alarm) => paint('bad', `alarm ${alarm}`)),
    ...(engine.problem === undefined ? [] : [paint('bad', engine.problem)]),
  ];
}

function memberText(
  { address, isReachable, isLeader, behind = 0 }: NonNullable<EngineStatusView['members']>[number],
  paint: Paint,
): string {
  if (!isReachable) return `${address} ${paint('bad', 'does not answer')}`;
  const lag = behind === 0 ? '' : `, ${paint('doubtful', `${behind} entries behind`)}`;
  return `${address} ${paint('good', 'answers')}${isLeader === true ? ', leads' : ''}${lag}`;
}
