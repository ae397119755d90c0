import { dirname, join, resolve } from 'node:path';
import type { Clock } from '../../../kernel/clock/index.js';
import { type Controller, createController, TerminalError } from '../../../kernel/control/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import type { Turns } from '../../../kernel/turns/index.js';
import {
  type DataSetSource,
  type ImportReport,
  importDataSet,
  removeOutdated,
  watchSources,
} from '../data/index.js';
import type { Catalogue, DataSet } from '../model/index.js';
import type { OfferedDataSet } from './agent.js';
import { sampleFiles } from './sample-files.js';

export interface DataSetsOptions {
  readonly party: string;
  /** The agent's own folder. */
  readonly folder: string;
  /** Relative paths of the configuration start here. */
  readonly sourceFolder: string;
  readonly catalogue: () => Catalogue;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly onChange: () => void;
  /** Shared by agents of one machine, so that they do not all import at once. */
  readonly turns: Turns;
}

/**
 * Keeps a party's data sets imported: once when they are declared, and again when a source or its declaration changes.
 * A query that comes meanwhile uses the last complete import, or waits for the first.
 */
export class DataSets {
  readonly #options: DataSetsOptions;
  readonly #controller: Controller;
  readonly #offered = new Map<string, OfferedDataSet>();
  readonly #watchers = new Map<string, { readonly files: string; close(): void }>();
  readonly #waiting = new Map<string, Set<() => void>>();
  #closed = false;

  constructor(options: DataSetsOptions) {
    this.#options = options;
    const { party, clock, logger } = options;
    this.#controller = createController({
      name: `data-sets-${party}`,
      reconcile: (name, { signal }) => this.#reconcile(name, signal),
      clock,
      random: Math.random,
      logger,
    });
  }

  start(): void {
    this.refresh();
    this.#controller.start();
  }

  /** Looks again at what the configuration declares for this party. */
  refresh(): void {
    const { party, catalogue } = this.#options;
    const declared = [...catalogue().dataSets].filter(([, { value }]) => value.sources[party] !== undefined);
    for (const [name] of declared) {
      if (!this.#offered.has(name)) this.#offered.set(name, { name, state: 'importing' });
    }
    for (const name of new Set([...declared.map(([name]) => name), ...this.#offered.keys()]))
      this.#controller.enqueue(name);
  }

  list(): readonly OfferedDataSet[] {
    return [...this.#offered.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * The import to use for a query; waits for the first one, and throws at once where it has failed. Throws
   * `data-set-unavailable` also where the data set is not declared or is withdrawn meanwhile, `request-cancelled` after
   * `signal`, and `shutting-down`.
   */
  async imported(name: string, signal: AbortSignal): Promise<ImportReport> {
    for (;;) {
      if (this.#closed) {
        const message = `The agent of ${this.#options.party} is stopping. Ask again later.`;
        throw new StarlingError('shutting-down', message);
      }
      const offered = this.#offered.get(name);
      if (offered?.imported !== undefined) return offered.imported;
      if (offered?.error !== undefined) throw StarlingError.fromRecord(offered.error);
      if (offered === undefined) {
        throw new StarlingError('data-set-unavailable', `${this.#options.party} has no data set ${name}.`);
      }
      if (signal.aborted) throw new StarlingError('request-cancelled', 'The request was cancelled.');
      await this.#changed(name, signal);
    }
  }

  /** The file that the next query will most likely use. */
  likelyFile(): string | undefined {
    return this.list().find((offered) => offered.imported !== undefined)?.imported?.file;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const name of [...this.#waiting.keys()]) this.#wake(name);
    // a reconcile that is at work may begin to watch until it has ended
    await this.#controller.stop();
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #changed(name: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(name) ?? new Set();
      const done = () => {
        waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.set(name, waiting.add(done));
      signal.addEventListener('abort', done, { once: true });
    });
  }

  #wake(name: string): void {
    const waiting = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    for (const done of [...waiting]) done();
  }

  #set(offered: OfferedDataSet): void {
    this.#offered.set(offered.name, offered);
    this.#wake(offered.name);
    this.#options.onChange();
  }

  async #reconcile(name: string, signal: AbortSignal): Promise<undefined> {
    const { party, folder, catalogue, logger } = this.#options;
    const dataSet = catalogue().dataSets.get(name)?.value;
    if (dataSet?.sources[party] === undefined) {
      this.#withdraw(name);
      return undefined;
    }
    try {
      const imported = await this.#options.turns(() => this.#import(name, dataSet, signal));
      const before = this.#offered.get(name)?.imported;
      if (imported.fingerprint === before?.fingerprint && this.#offered.get(name)?.state === 'ready')
        return undefined;
      logger.info(
        { party, dataSet: name, reused: imported.reused, ms: Math.round(imported.ms) },
        'data set imported',
      );
      this.#set({ name, state: 'ready', imported });
      await removeOutdated(join(folder, 'data'), name, [
        imported.fingerprint,
        ...(before ? [before.fingerprint] : []),
      ]);
      return undefined;
    } catch (thrown) {
      if (signal.aborted) return undefined;
      const error = StarlingError.from(
        thrown,
        'data-set-unavailable',
        `Data set ${name} of ${party} cannot be imported`,
      );
      const before = this.#offered.get(name)?.imported;
      this.#set({
        name,
        state: 'failed',
        error: error.toRecord(),
        ...(before === undefined ? {} : { imported: before }),
      });
      // the source has to change before another attempt can come out differently, and that is watched
      throw error.code === 'storage-full' ? error : new TerminalError(error);
    }
  }

  async #import(name: string, dataSet: DataSet, signal: AbortSignal): Promise<ImportReport> {
    const source = await this.#source(name, dataSet);
    const files = Object.values(source.tables).map((table) => table.file);
    this.#watch(name, files);
    return importDataSet(source, { folder: join(this.#options.folder, 'data'), signal });
  }

  /** Where the tables are; sample tables are written first. */
  async #source(name: string, dataSet: DataSet): Promise<DataSetSource> {
    const { party, folder, sourceFolder } = this.#options;
    const source = dataSet.sources[party];
    const types = (table: string) => {
      const declared = dataSet.tables[table]?.types;
      return declared === undefined ? {} : { types: declared };
    };
    if (source !== undefined && 'sample' in source) {
      const { people, appointments } = await sampleFiles(join(folder, 'sample'), party, source.sample);
      const files = { Personen: people, Aanstellingen: appointments };
      const tables = Object.entries(files).map(([table, file]) => [
        table,
        { file, delimiter: ';', ...types(table) },
      ]);
      return { dataSet: name, tables: Object.fromEntries(tables) };
    }
    if (source === undefined || 'atAgent' in source) {
      const message = `The configuration of ${party}'s agent does not say where the rows of ${name} are. Give dataSets.${name}.sources.${party} tables there.`;
      throw new StarlingError('configuration-invalid', message, { details: { party, dataSet: name } });
    }
    const tables = Object.entries(source.tables).map(([table, file]) => [
      table,
      { ...file, file: resolve(sourceFolder, file.file), ...types(table) },
    ]);
    return { dataSet: name, tables: Object.fromEntries(tables) };
  }

  #watch(name: string, files: readonly string[]): void {
    const key = files.join('\n');
    const known = this.#watchers.get(name);
    if (known?.files === key) return;
    known?.close();
    const { clock, logger } = this.#options;
    const watcher = watchSources(files, () => this.#controller.enqueue(name), {
      clock,
      onError: (error) =>
        logger.error({ dataSet: name, err: error, folder: dirname(files[0] ?? '') }, 'data set not watched'),
    });
    this.#watchers.set(name, { files: key, close: () => watcher.close() });
  }

  #withdraw(name: string): void {
    this.#watchers.get(name)?.close();
    this.#watchers.delete(name);
    if (!this.#offered.delete(name)) return;
    this.#wake(name);
    this.#options.onChange();
  }
}
