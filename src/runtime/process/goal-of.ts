import type { ServiceRecord } from '../service.js';
import type { Goal } from './decide.js';

/** Probes of its life in a row that an instance may leave without an answer, where nothing else is said. */
const missedProbes = 3;

/** What is wanted by a record; nothing where there is none any more, with the grace that its instances have. */
export function goalOf(
  record: Pick<ServiceRecord, 'declaration' | 'desired' | 'generation'> | undefined,
  graceMs: number,
): Goal {
  if (record === undefined) {
    return { desired: 0, generation: 0, graceMs, startMs: Number.POSITIVE_INFINITY };
  }
  const { graceSeconds, startSeconds, liveness } = record.declaration;
  const { heartbeatSeconds = liveness && liveness.everySeconds * missedProbes } = record.declaration;
  return {
    desired: record.desired,
    generation: record.generation,
    graceMs: graceSeconds * 1000,
    startMs: startSeconds * 1000,
    ...(heartbeatSeconds === undefined ? {} : { heartbeatMs: heartbeatSeconds * 1000 }),
  };
}
