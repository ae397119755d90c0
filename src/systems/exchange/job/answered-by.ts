import { StarlingError } from '../../../kernel/errors/index.js';
import type { Composition } from '../compose/index.js';
import type { Job } from './job.js';

/**
 * What of a job's composition has to run so that one party answers: the chain of a provider that answers by itself, or all
 * of it where the party merges. Throws `input-invalid` for any other party.
 */
export function answeredBy({ id, composition }: Job, party: string): Composition {
  const { chains, computeProvider } = composition;
  if (computeProvider === party) return composition;
  const own = chains.filter((chain) => chain.party === party);
  if (computeProvider === undefined && own.length > 0) return { ...composition, chains: own };
  const answering = computeProvider === undefined ? chains.map((chain) => chain.party) : [computeProvider];
  const message = `${party} answers nothing of job ${id}. Ask one that does: ${answering.join(', ')}.`;
  throw new StarlingError('input-invalid', message, { details: { job: id, party, answering } });
}
