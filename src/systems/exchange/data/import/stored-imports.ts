import { access, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isSystemError } from '../../../../kernel/errors/index.js';
import { checkDataSetName } from './data-set-source.js';
import { type ImportReport, importFiles, reportOf, type StoredImport } from './import-report.js';

/**
 * The latest complete import of a data set in `folder`, or `undefined`. One whose report is broken or whose DuckDB
 * file is missing counts as absent.
 */
export async function readImport(folder: string, dataSet: string): Promise<ImportReport | undefined> {
  const stored = await latestImport(folder, dataSet);
  return stored === undefined ? undefined : reportOf(resolve(folder), stored, true);
}

/** As `readImport`, with what is kept to recognise the sources. */
export async function latestImport(folder: string, dataSet: string): Promise<StoredImport | undefined> {
  const found: StoredImport[] = [];
  for (const fingerprint of await fingerprintsIn(folder, dataSet)) {
    const stored = await storedImport(folder, dataSet, fingerprint);
    if (stored !== undefined) found.push(stored);
  }
  return found.sort((a, b) => (a.confirmedAt < b.confirmedAt ? 1 : -1))[0];
}

/** The complete import with this fingerprint, or `undefined`. */
export async function storedImport(
  folder: string,
  dataSet: string,
  fingerprint: string,
): Promise<StoredImport | undefined> {
  const files = importFiles(folder, dataSet, fingerprint);
  try {
    await access(files.database);
    const text = await readFile(files.report, 'utf8');
    // loaded where there is something to check: most imports start where there is nothing yet
    const { parseStoredImport } = await import('./parse-stored-import.js');
    const stored = parseStoredImport(text);
    return stored?.dataSet === dataSet && stored.fingerprint === fingerprint ? stored : undefined;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Removes the imports of a data set whose fingerprints are not in `keep`; returns theirs. A process that has one open
 * reads on in it.
 */
export async function removeOutdated(
  folder: string,
  dataSet: string,
  keep: readonly string[],
): Promise<readonly string[]> {
  const outdated = (await fingerprintsIn(folder, dataSet)).filter(
    (fingerprint) => !keep.includes(fingerprint),
  );
  for (const fingerprint of outdated) {
    const files = importFiles(folder, dataSet, fingerprint);
    // The report first: data without a report counts as absent.
    await rm(files.report, { force: true });
    await rm(files.database, { force: true });
  }
  return outdated;
}

async function fingerprintsIn(folder: string, dataSet: string): Promise<string[]> {
  checkDataSetName(dataSet);
  const names = await namesIn(folder);
  const start = `${dataSet}-`;
  const found = new Set<string>();
  for (const name of names) {
    const fingerprint = name.startsWith(start)
      ? /^([0-9a-f]{16})\.(?:duckdb|json)$/.exec(name.slice(start.length))
      : null;
    if (fingerprint?.[1] !== undefined) found.add(fingerprint[1]);
  }
  return [...found].sort();
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  }
}

const workFolder = /^\.import-(\d+)-/;

/** The start of the name of a folder that an import of this process works in. */
export function workFolderPrefix(): string {
  return `.import-${process.pid}-`;
}

/** Removes what imports of dead processes left; `active`: the folders that this process works in. */
export async function removeAbandoned(folder: string, active: ReadonlySet<string>): Promise<void> {
  for (const name of await namesIn(folder)) {
    const owner = Number(workFolder.exec(name)?.[1] ?? Number.NaN);
    const path = join(folder, name);
    const abandoned = owner === process.pid ? !active.has(path) : Number.isFinite(owner) && !isAlive(owner);
    if (abandoned) await rm(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isSystemError(error, 'EPERM');
  }
}
