import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { childProgram } from '../../../../kernel/child-program/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { checkSource, type DataSetSource } from './data-set-source.js';
import type { ImportOrder, ImportReply } from './import-order.js';
import { type ImportReport, reportOf } from './import-report.js';
import { sameStamps, specificationOf, stampSources } from './source-files.js';
import { latestImport, removeAbandoned, workFolderPrefix } from './stored-imports.js';

export interface ImportOptions {
  /** Where imports are kept; made if it is not there. One process uses it. */
  readonly folder: string;
  /** How much memory DuckDB may use, MB; 1024 if not given. */
  readonly memoryMb?: number;
  /** Stops the import: its process is killed and nothing is left behind. */
  readonly signal?: AbortSignal;
}

/** How much is kept of what the importing process says before it dies. */
const lastWords = 4_096;

const activeFolders = new Set<string>();

/**
 * Imports a data set into a read-only DuckDB file, in a process of its own, and returns what came of it. Sources that
 * did not change since the last import are not read; changed files with the same content are not imported again.
 *
 * Throws `input-invalid` for a declaration or file that must be corrected, `data-set-unavailable` where a file is
 * missing, unreadable or changing, `storage-full`, `memory-limit`, and `request-cancelled` after `signal`.
 */
export async function importDataSet(source: DataSetSource, options: ImportOptions): Promise<ImportReport> {
  const checked = checkSource(source);
  const folder = resolve(options.folder);
  const stamps = await stampSources(checked);
  const latest = await latestImport(folder, checked.dataSet);
  if (latest?.specification === specificationOf(checked) && sameStamps(latest.sources, stamps)) {
    return reportOf(folder, latest, true);
  }
  const workFolder = await makeWorkFolder(folder);
  try {
    const { memoryMb = 1024, signal } = options;
    return await runChild({ source: checked, folder, workFolder, memoryMb }, signal);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
    activeFolders.delete(workFolder);
  }
}

async function makeWorkFolder(folder: string): Promise<string> {
  const workFolder = join(folder, `${workFolderPrefix()}${randomUUID()}`);
  // Noted before it exists, so that an import that runs beside this one never takes it for abandoned.
  activeFolders.add(workFolder);
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 });
    await removeAbandoned(folder, activeFolders);
    await mkdir(workFolder, { mode: 0o700 });
    return workFolder;
  } catch (error) {
    activeFolders.delete(workFolder);
    throw StarlingError.from(
      error,
      'storage-failed',
      `The folder ${folder} for imported data cannot be used`,
    );
  }
}

/** Settles when the importing process has ended, so that nobody writes to the work folder any more. */
function runChild(order: ImportOrder, signal: AbortSignal | undefined): Promise<ImportReport> {
  return new Promise((resolveReport, reject) => {
    if (signal?.aborted) {
      reject(cancelled(order));
      return;
    }
    // An empty environment: the process needs none of the daemon's secrets, and UTC keeps times the same everywhere.
    const child = fork(childProgram('systems/exchange/data/import/import-child.js'), [], {
      execArgv: [],
      env: { TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const abort = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', abort, { once: true });
    const said = keepLastWords(child);
    let reply: ImportReply | undefined;
    let failure: unknown;
    child.once('message', (message: ImportReply) => {
      reply = message;
    });
    child.once('error', (error) => {
      failure = error;
    });
    child.once('close', (code, killedBy) => {
      signal?.removeEventListener('abort', abort);
      if (reply !== undefined && 'report' in reply) resolveReport(reply.report);
      else if (reply !== undefined) reject(StarlingError.fromRecord(reply.error));
      else if (signal?.aborted) reject(cancelled(order));
      else reject(died(order, killedBy ?? `status ${code}`, failure ?? said()));
    });
    child.send(order, (error) => {
      if (error !== null) failure ??= error;
    });
  });
}

/** Returns what gives the end of what the process wrote to its error output. */
function keepLastWords(child: ChildProcess): () => string {
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-lastWords);
  });
  return () => words;
}

function cancelled({ source }: ImportOrder): StarlingError {
  return new StarlingError('request-cancelled', `The import of data set ${source.dataSet} was stopped.`);
}

function died({ source }: ImportOrder, how: string, cause: unknown): StarlingError {
  return new StarlingError(
    'data-set-unavailable',
    `The process that imports data set ${source.dataSet} ended with ${how} before it answered. See its last words in the log; where the machine ran out of memory, give the import less.`,
    { cause },
  );
}
