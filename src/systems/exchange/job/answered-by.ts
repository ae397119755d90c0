import { StarlingError } from '../../../kernel/errors/index.js';
import { type Composition, chainsOf } from '../compose/index.js';
import type { Part } from '../place/index.js';
import type { Job } from './job.js';

/** What of a part has to run so that `party` answers; `undefined` where it does not. */
function answering(part: Part, party: string): Part | undefined {
  if (part.computeProvider !== undefined) return part.computeProvider === party ? part : undefined;
  return part.providers.includes(party) ? { ...part, providers: [party] } : undefined;
}

/**
 * What of a job's composition has to run so that one party answers: the chain of a provider that answers by itself, or all
 * of a part where the party merges. Throws `input-invalid` for any other party.
 */
export function answeredBy({ id, composition }: Job, party: string): Composition {
  const parts = composition.parts.flatMap((part) => answering(part, party) ?? []);
  if (parts.length > 0) {
    const own = parts.map((part) => chainsOf(part, composition.chains));
    const chains = own.flatMap(({ providers, compute }) => [
      ...providers,
      ...(compute === undefined ? [] : [compute]),
    ]);
    return { ...composition, parts, chains: composition.chains.filter((chain) => chains.includes(chain)) };
  }
  const all = composition.parts.flatMap(({ computeProvider, providers }) => computeProvider ?? providers);
  const message = `${party} answers nothing of job ${id}. Ask one that does: ${all.join(', ')}.`;
  throw new StarlingError('input-invalid', message, { details: { job: id, party, answering: all } });
}
