import type { AgentStatus } from '../../systems/exchange/agent/index.js';
import type { Party } from '../../systems/exchange/model/index.js';
import type { PageOptions } from './explanation-page.js';
import { amountText, bytesText, timeText } from './figures.js';
import { type Paint, plain } from './paint.js';
import { type TableCell, table } from './table.js';

/** A party with what its agent tells of itself, as `/api/v1/parties` shows it. */
export interface PartyView extends Party {
  readonly id: string;
  readonly agent?: AgentView;
}

/** What the gateway tells of an agent; its runs and what is weak there only to its stewards and operators. */
type AgentView = Pick<AgentStatus, 'party' | 'online' | 'dataSets'> &
  Partial<Pick<AgentStatus, 'runs' | 'weaknesses'>> & {
    /** Since when it is online or offline; ISO 8601, UTC. */
    readonly since?: string;
    readonly unknownInAgreement?: readonly string[];
  };

function onlineText(agent: AgentView | undefined, paint: Paint): string {
  if (agent === undefined) return '-';
  return agent.online ? paint('good', 'online') : paint('bad', 'offline');
}

/** How busy a pool of runs is: `1 warm, 0 of 4 working`, with what waits and was refused where there is any. */
export function runsText(runs: AgentStatus['runs']): string {
  const { warm, working, max, waiting, refused } = runs;
  return [
    `${warm} warm`,
    `${working} of ${max} working`,
    ...(waiting === 0 ? [] : [`${waiting} waiting`]),
    ...(refused === 0 ? [] : [`${refused} refused`]),
  ].join(', ');
}

/** Parties as a table. */
export function partiesPage(parties: readonly PartyView[], options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  if (parties.length === 0) return 'There are no parties. They are declared in the configuration.';
  const rows = parties.map(({ id, name, roles, agent }): TableCell[] => [
    id,
    name,
    roles.join(', '),
    onlineText(agent, paint),
    agent?.dataSets.map((one) => `${one.name} (${one.state})`).join(', ') || '-',
    agent?.runs === undefined ? '-' : runsText(agent.runs),
  ]);
  return table(['party', 'name', 'roles', 'agent', 'data sets', 'runs'], rows, { paint, width });
}

/** One party as a page. */
export function partyPage(party: PartyView, options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  const { id, name, roles, description, agent } = party;
  const rows: TableCell[][] = [
    ['roles', roles.join(', ')],
    ...(description === undefined ? [] : [['about', description]]),
    ['agent', onlineText(agent, paint)],
    ...(agent?.since === undefined ? [] : [['since', timeText(agent.since)]]),
    ...(agent === undefined ? [] : agentRows(agent, paint)),
  ];
  return `${paint('heading', id)}: ${name}\n${table(['', ''], rows, { indent: 2, width })}`;
}

function agentRows(
  { dataSets, runs, weaknesses = [], unknownInAgreement = [] }: AgentView,
  paint: Paint,
): TableCell[][] {
  const offered = dataSets.map(({ name, state, imported, error }) => {
    const tables = Object.entries(imported?.tables ?? {});
    const rows = tables.map(([table, { rows: count }]) => `${table} ${amountText(count, 'row')}`).join(', ');
    const why = error === undefined ? '' : `: ${paint('bad', error.message)}`;
    return `${name} (${state})${rows === '' ? '' : `: ${rows}`}${why}`;
  });
  return [
    ['data sets', offered.join('\n') || '-'],
    ...(unknownInAgreement.length === 0
      ? []
      : [['agreement', paint('doubtful', `allows nothing by: ${unknownInAgreement.join('; ')}`)]]),
    ...(runs === undefined ? [] : [['runs', poolText(runs)]]),
    ...(weaknesses.length === 0 ? [] : [['weaker', paint('doubtful', weaknesses.join('\n'))]]),
  ];
}

function poolText(runs: AgentStatus['runs']): string {
  const size = runs.residentBytes === 0 ? '' : `, ${bytesText(runs.residentBytes)} each`;
  return `${runsText(runs)}${size}, ${runs.finished} finished`;
}
