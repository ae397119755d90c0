import type { ServiceDeclaration, ServiceRecord } from '../service.js';
import type { Goal } from './decide.js';

/** Probes of its life in a row that an instance may leave without an answer, where nothing else is said. */
const missedProbes = 3;

/** What is wanted by a record; nothing where there is none any more, with the grace that its instances have. */
export function goalOf(
  record: Pick<ServiceRecord, 'declaration' | 'desired' | 'generation'> | undefined,
  graceMs: number,
): Goal {
  if (record === undefined || record.desired === 0) return noneOf(graceMs);
  const { declaration, desired, generation } = record;
  return {
    slots: new Map(Array.from({ length: desired }, (_, slot) => [slot, generation])),
    unwanted: `scaled to ${desired}`,
    ...timesOf(declaration),
  };
}

/** That no instance is wanted, of a service whose instances have that grace. */
export function noneOf(graceMs: number, unwanted = 'none is wanted any more'): Goal {
  return { slots: new Map(), unwanted, graceMs, startMs: Number.POSITIVE_INFINITY };
}

/** The times that a declaration gives its instances, in milliseconds. */
export function timesOf(declaration: ServiceDeclaration): Pick<Goal, 'graceMs' | 'startMs' | 'heartbeatMs'> {
  const { graceSeconds, startSeconds, liveness } = declaration;
  const { heartbeatSeconds = liveness && liveness.everySeconds * missedProbes } = declaration;
  return {
    graceMs: graceSeconds * 1000,
    startMs: startSeconds * 1000,
    ...(heartbeatSeconds === undefined ? {} : { heartbeatMs: heartbeatSeconds * 1000 }),
  };
}
