import { closeInheritedFiles } from '../../../../kernel/child-program/index.js';
import { systemClock } from '../../../../kernel/clock/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { carryOut } from './carry-out.js';
import type { ImportOrder, ImportReply } from './import-order.js';

/**
 * The importing process: one order in, one reply out, then it ends. DuckDB is loaded here and not in the daemon.
 */
closeInheritedFiles();

process.once('message', (order: ImportOrder) => {
  void answer(order).then((reply) => process.send?.(reply, () => process.exit(0)));
});
// The work folder belongs to the parent: without it there is nobody to import for.
process.once('disconnect', () => process.exit(1));

async function answer(order: ImportOrder): Promise<ImportReply> {
  try {
    return { report: await carryOut(order, systemClock) };
  } catch (error) {
    if (!(error instanceof StarlingError)) console.error(error);
    return { error: StarlingError.from(error, 'data-set-unavailable', 'The import failed').toRecord() };
  }
}
