import { StarlingError } from '../../../kernel/errors/index.js';
import type { DataSet } from '../model/index.js';
import type { Partials } from '../steps/index.js';
import type { LiveRequest } from './live-request.js';
import { namedResults } from './named-results.js';
import type { AbsentProvider, Crossing, Result } from './request-record.js';
import type { EndedChain } from './run-chain.js';

/** What a chain released to the requester, as a result of `providers`; that it crossed a border is recorded. */
export function takeAnswer(
  ended: EndedChain,
  providers: readonly string[],
  { live, dataSet }: { readonly live: LiveRequest; readonly dataSet: DataSet },
  absent: readonly AbsentProvider[] = [],
): Result {
  const { party, archetype } = ended.chain;
  const released = ended.outcome?.report.result;
  const base = {
    providers,
    computedAt: party,
    archetype,
    ...(absent.length === 0 ? {} : { absent }),
  };
  if (released?.kind === 'rows') {
    cross(live, { from: party, to: 'requester', what: 'rows', rows: released.rows, bytes: ended.bytes });
    return { ...base, rows: { columns: released.columns, rows: released.rows, bytes: ended.bytes } };
  }
  if (released?.kind !== 'answer') throw new StarlingError('internal', `${party} released no answer.`);
  const { table, graph } = released;
  cross(live, { from: party, to: 'requester', what: 'answer', rows: table.rows.length, bytes: size(table) });
  const { algorithm } = live.record.question;
  const named = algorithm === undefined ? undefined : namedResults(table, algorithm, dataSet);
  return {
    ...base,
    table,
    ...(named === undefined ? {} : { named }),
    ...(graph === undefined ? {} : { graph }),
  };
}

/** What a data provider's chain released to the compute provider `to`; that it crossed a border is recorded. */
export function takePartials({ chain, outcome }: EndedChain, to: string, live: LiveRequest): Partials {
  const released = outcome?.report.result;
  if (released?.kind !== 'partials')
    throw new StarlingError('internal', `${chain.party} released no partials.`);
  const { partials } = released;
  const [rows, bytes] = [partials.rows.length, size(partials)];
  cross(live, { from: chain.party, to, what: 'partials', rows, bytes });
  return partials;
}

/** That a data provider's rows went to the compute provider `to` is recorded; where they went is told by its receipt. */
export function takeSent({ chain, outcome }: EndedChain, to: string, live: LiveRequest): void {
  const released = outcome?.report.result;
  if (released?.kind !== 'sent') throw new StarlingError('internal', `${chain.party} sent no rows.`);
  const { rows, bytes } = released;
  cross(live, { from: chain.party, to, what: 'rows', rows, bytes });
}

function cross(live: LiveRequest, crossing: Crossing): void {
  live.change({ crossings: [...live.record.crossings, crossing] });
}

function size(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
