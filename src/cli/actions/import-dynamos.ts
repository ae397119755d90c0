import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { isSystemError, StarlingError } from '../../kernel/errors/index.js';
import { loadConfiguration } from '../../systems/exchange/configuration/index.js';
import {
  configurationText,
  dynamosToConfiguration,
  type LaunchFileName,
  launchFileNames,
  type OfferedTable,
  offeredTables,
  readLaunchFiles,
  readTableSample,
  type SampledTable,
} from '../../systems/exchange/dynamos/index.js';
import { importPage } from '../output/import-page.js';
import type { Session } from '../session.js';
import { configurationContents } from './check.js';
import { writeConfiguration } from './write-configuration.js';

export interface ImportOptions {
  /** `-` for the standard output. */
  readonly out: string;
  /** Folders of tables, `FOLDER` or `PARTY=FOLDER`. */
  readonly data: readonly string[];
  readonly force: boolean;
}

/** `starling import dynamos`: makes a configuration of the launch files in `folder`, and tells what it had to assume. */
export async function importDynamos(session: Session, folder: string, options: ImportOptions): Promise<void> {
  const { out, data, force } = options;
  const launch = readLaunchFiles(await readTexts(folder));
  const base = out === '-' ? resolve('.') : dirname(resolve(out));
  const found = findTables(offeredTables(launch), folder, data);
  const samples = await sampled(found, base);
  const imported = dynamosToConfiguration(launch, samples);
  const text = configurationText(imported, folder);
  // names that have no form of Starling's are told as in any other file
  const configuration = loadConfiguration(text, out === '-' ? 'starling.yaml' : out);
  if (out === '-' && !session.json) {
    session.terminal.out(text.trimEnd());
    return;
  }
  if (out !== '-') await writeConfiguration(out, text, force);
  const { notes } = imported;
  const contents = configurationContents(configuration);
  const value = { ...(out === '-' ? { text } : { file: out }), ...contents, notes };
  session.show(value, () => importPage(out, contents, notes));
}

async function readTexts(folder: string): Promise<Partial<Record<LaunchFileName, string>>> {
  const texts: Partial<Record<LaunchFileName, string>> = {};
  for (const name of launchFileNames) {
    try {
      texts[name] = await readFile(join(folder, name), 'utf8');
    } catch (thrown) {
      // what is missing is told with every other fault of the files
      if (isSystemError(thrown, 'ENOENT')) continue;
      throw StarlingError.from(thrown, 'storage-failed', `${join(folder, name)} could not be read`);
    }
  }
  return texts;
}

interface FoundTable extends OfferedTable {
  readonly path: string;
}

/** Throws `input-invalid` with every table that no file is found of. */
function findTables(tables: readonly OfferedTable[], folder: string, data: readonly string[]): FoundTable[] {
  const places = data.map((given) => {
    const [, party, where] = /^([A-Za-z][\w-]*)=(.+)$/.exec(given) ?? [undefined, undefined, given];
    return { party, folder: where ?? given };
  });
  const missing: string[] = [];
  const found = tables.flatMap((offered): FoundTable[] => {
    const { party, table } = offered;
    const own = places.filter((place) => place.party === party);
    const shared = places.filter((place) => place.party === undefined);
    const paths = [
      ...own.flatMap((place) =>
        [`${table}_${party}.csv`, `${table}.csv`].map((file) => join(place.folder, file)),
      ),
      ...(shared.length > 0 ? shared.map((place) => place.folder) : [folder]).map((where) =>
        join(where, `${table}_${party}.csv`),
      ),
    ];
    const path = paths.find((one) => existsSync(one));
    if (path !== undefined) return [{ ...offered, path }];
    missing.push(`\n  table ${table} of ${party}: there is no ${paths.join(', nor ')}`);
    return [];
  });
  if (missing.length === 0) return found;
  const parties = [...new Set(tables.map(({ party }) => party))].join(', ');
  throw new StarlingError(
    'input-invalid',
    `The files of DYNAMOS say which tables ${parties} offer, and not where they are:${missing.join('')}\nName their folders with --data FOLDER, or --data PARTY=FOLDER for one party.`,
  );
}

function sampled(tables: readonly FoundTable[], base: string): Promise<SampledTable[]> {
  return Promise.all(
    tables.map(async ({ path, ...table }) => {
      const inner = relative(base, resolve(path));
      const file = inner.startsWith('..') ? resolve(path) : inner;
      return { ...table, sample: await readTableSample(path, file, table.delimiter) };
    }),
  );
}
