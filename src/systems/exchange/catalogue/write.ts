import { StarlingError } from '../../../kernel/errors/index.js';
import { type Operation, type State, stateLimits } from '../../../kernel/state/index.js';
import type { PlannedWrite } from './plan.js';
import { readStored, type StoredCatalogue } from './stored-catalogue.js';
import { guardKey, storedValue } from './stored-object.js';

/** How often a write starts over because another writer was faster. */
const mostAttempts = 10;

/** Bytes of one transaction; half of what the state takes, since text may grow in UTF-8. */
const mostBytes = stateLimits.valueBytes / 2;

/** One operation of each transaction is for the guard. */
const mostOperations = stateLimits.operations - 1;

function toOperation({ key, object }: PlannedWrite): Operation {
  return object === undefined ? { delete: key } : { put: key, value: storedValue(object) };
}

/** The writes, in order, in parts that one transaction can take. */
function split<Write extends PlannedWrite>(writes: readonly Write[]): Write[][] {
  const parts: Write[][] = [];
  let bytes = 0;
  for (const write of writes) {
    const size = JSON.stringify(write.object ?? null).length;
    const last = parts.at(-1);
    if (last === undefined || last.length >= mostOperations || bytes + size > mostBytes) {
      parts.push([write]);
      bytes = size;
    } else {
      last.push(write);
      bytes += size;
    }
  }
  return parts;
}

/** What was written: the writes that were made, and the last revision; none where there was nothing to write. */
export interface Written<Write extends PlannedWrite> {
  readonly writes: readonly Write[];
  readonly revision: number | undefined;
}

/**
 * Reads all objects, lets `plan` decide, and writes; starts over where the catalogue was changed meanwhile, so that
 * `plan` decided on what is there. A plan larger than one transaction is written in parts, in its order.
 * Throws what `plan` throws, `revision-conflict` where other writers never pause, and what the state throws.
 */
export async function writePlanned<Write extends PlannedWrite>(
  state: State,
  plan: (stored: StoredCatalogue) => readonly Write[],
  changedAt: string,
): Promise<Written<Write>> {
  const made: Write[] = [];
  let revision: number | undefined;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    let guard = (await state.get(guardKey))?.modRevision ?? 0;
    const objects = await readStored(state);
    let interrupted = false;
    for (const part of split(plan(objects))) {
      const result = await state.transaction({
        compare: [{ key: guardKey, modRevision: guard }],
        success: [...part.map(toOperation), { put: guardKey, value: changedAt }],
      });
      interrupted = !result.succeeded;
      if (interrupted) break;
      made.push(...part);
      guard = result.revision;
      revision = result.revision;
    }
    if (!interrupted) return { writes: made, revision };
  }
  const message = `The configuration was changed by others ${mostAttempts} times while this change was made. Try again.`;
  throw new StarlingError('revision-conflict', message);
}
