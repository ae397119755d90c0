import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { readConfigurationFile } from '../../src/systems/exchange/index.js';
import { openRealGateway, type RealGateway } from '../gateway/real-gateway.js';
import { launchFolder } from './launch-texts.js';

const program = resolve(import.meta.dirname, '../../dist/cli/main.js');

/** Runs `starling import dynamos` on DYNAMOS's own files and the tables in a folder; gives what it prints as JSON. */
export async function importedTo(
  file: string,
  tables: string,
): Promise<{ readonly file: string; readonly notes: readonly string[] }> {
  const command = ['import', 'dynamos', launchFolder, '--data', tables, '--out', file, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...command]);
  return JSON.parse(stdout) as { file: string; notes: string[] };
}

/** Imports DYNAMOS's files with the tables that `tables` makes in a folder or names, and opens the consortium that came of it. */
export async function openImportedGateway(tables: (folder: string) => string): Promise<RealGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-imported-'));
  const { file } = await importedTo(join(folder, 'starling.yaml'), tables(join(folder, 'tables')));
  const configuration = await readConfigurationFile(file);
  const real = await openRealGateway({ configuration, configurationFile: file });
  return {
    ...real,
    close: async () => {
      await real.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const user = { id: '12324', userName: 'jorrit.stutterheim@cloudnation.nl' };

/** The join that counts every appointment once, of the person of its own reference date. */
export const joined =
  'SELECT p.Geslacht, s.Salschal FROM Personen p JOIN Aanstellingen s ON p.Unieknr = s.Unieknr AND p.Peildat = s.Peildat';

/** A body of `POST /requestApproval` as its documentation has it, with changes. */
export function approvalBody(dataProviders: readonly string[], changes: object = {}) {
  return {
    type: 'sqlDataRequest',
    user,
    dataProviders,
    data_request: {
      type: 'sqlDataRequest',
      query: joined,
      algorithm: 'average',
      options: {},
      requestMetadata: {},
      ...changes,
    },
  };
}

/** A body of `POST /agent/v1/sqlDataRequest/STEWARD`, of a job. */
export function followUpBody(jobId: string, changes: object = {}) {
  const { data_request: asked } = approvalBody([], changes);
  return { ...asked, user, requestMetadata: { jobId } };
}

/** What `POST /requestApproval` answers. */
export interface ApprovalAnswer {
  readonly jobId: string;
  readonly responses: readonly string[];
  readonly results: readonly { readonly providers: readonly string[]; readonly computedAt: string }[];
  readonly refused: readonly { readonly provider: string }[];
  readonly request: string;
}
