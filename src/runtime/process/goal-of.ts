import type { ServiceRecord } from '../service.js';
import type { Goal } from './decide.js';

/** What is wanted by a record; nothing where there is none any more, with the grace that its instances have. */
export function goalOf(
  record: Pick<ServiceRecord, 'declaration' | 'desired' | 'generation'> | undefined,
  graceMs: number,
): Goal {
  if (record === undefined) {
    return { desired: 0, generation: 0, graceMs, startMs: Number.POSITIVE_INFINITY };
  }
  const { graceSeconds, startSeconds, heartbeatSeconds } = record.declaration;
  return {
    desired: record.desired,
    generation: record.generation,
    graceMs: graceSeconds * 1000,
    startMs: startSeconds * 1000,
    ...(heartbeatSeconds === undefined ? {} : { heartbeatMs: heartbeatSeconds * 1000 }),
  };
}
