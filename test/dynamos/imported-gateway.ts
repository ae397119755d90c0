import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createGateway } from '../../src/gateway/index.js';
import { systemClock } from '../../src/kernel/clock/index.js';
import { createHealth } from '../../src/kernel/telemetry/index.js';
import { readConfigurationFile } from '../../src/systems/exchange/index.js';
import { openTestConsortium, type TestConsortium } from '../exchange/test-consortium.js';
import { type Call, documentedCalls } from '../gateway/documented-call.js';
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

/** The consortium that was imported, behind a gateway, with everything real. */
export interface ImportedGateway {
  readonly call: Call;
  readonly test: TestConsortium;
  close(): Promise<void>;
}

/** Imports DYNAMOS's files with the tables that `tables` makes in a folder or names, and serves what came of it. */
export async function openImportedGateway(tables: (folder: string) => string): Promise<ImportedGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-imported-'));
  const { file } = await importedTo(join(folder, 'starling.yaml'), tables(join(folder, 'tables')));
  const configuration = await readConfigurationFile(file);
  const test = await openTestConsortium({ configuration, configurationFile: file });
  const gateway = await createGateway({
    exchange: test.consortium.exchange,
    telemetry: test.telemetry,
    health: createHealth({ clock: systemClock }),
    port: 0,
    clock: systemClock,
    version: '1.2.3',
    ...(configuration.compatibility === undefined ? {} : { compatibility: configuration.compatibility }),
  });
  return {
    call: documentedCalls(gateway.url),
    test,
    close: async () => {
      await gateway.close();
      await test.remove();
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
