import type { Clock } from '../../../../kernel/clock/index.js';
import { publishFile, replaceFile } from '../../../../kernel/durable-file/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { buildDatabase } from './build-database.js';
import type { ImportOrder } from './import-order.js';
import {
  type ImportReport,
  importFiles,
  reportOf,
  type SourceStamp,
  type StoredImport,
} from './import-report.js';
import { fingerprintOf, sameStamps, specificationOf, stampSources } from './source-files.js';
import { storedImport } from './stored-imports.js';

/** Whoever may read the data may read it only: the agent's group is how runs under another user get to it. */
const readOnly = 0o440;

/**
 * Carries out one order in the importing process: the same content is taken from the import that is there, other
 * content is imported. The DuckDB file gets its name before its report does, so that a report means complete data.
 */
export async function carryOut(order: ImportOrder, clock: Clock): Promise<ImportReport> {
  const { source, folder } = order;
  const begun = clock.now();
  const stamps = await stampSources(source);
  const fingerprint = await fingerprintOf(source);
  const known = await storedImport(folder, source.dataSet, fingerprint);
  const wallTime = () => new Date(clock.wallTime()).toISOString();
  if (known !== undefined) {
    await checkUnchanged(order, stamps);
    const confirmed = { ...known, confirmedAt: wallTime(), sources: stamps };
    await keepReport(folder, confirmed);
    return reportOf(folder, confirmed, true);
  }

  const { file, tables } = await buildDatabase(source, stamps, { ...order, clock });
  await checkUnchanged(order, stamps);
  const stored: StoredImport = {
    dataSet: source.dataSet,
    fingerprint,
    tables,
    ms: clock.now() - begun,
    importedAt: wallTime(),
    confirmedAt: wallTime(),
    specification: specificationOf(source),
    sources: stamps,
  };
  await publishFile(file, importFiles(folder, source.dataSet, fingerprint).database, readOnly);
  await keepReport(folder, stored);
  return reportOf(folder, stored, false);
}

async function keepReport(folder: string, stored: StoredImport): Promise<void> {
  const { report } = importFiles(folder, stored.dataSet, stored.fingerprint);
  await replaceFile(report, `${JSON.stringify(stored, undefined, 2)}\n`);
}

/** What was hashed must be what was imported. */
async function checkUnchanged(order: ImportOrder, before: readonly SourceStamp[]): Promise<void> {
  if (sameStamps(before, await stampSources(order.source))) return;
  const files = before.map(({ file }) => file).join(', ');
  throw new StarlingError(
    'data-set-unavailable',
    `A file of data set ${order.source.dataSet} changed while it was imported (${files}). Import it again when it is written.`,
  );
}
