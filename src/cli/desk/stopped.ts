import type { ControlOperations } from '../../gateway/control/index.js';
import { openAuditLog } from '../../kernel/audit/index.js';
import { systemClock } from '../../kernel/clock/index.js';
import type { FolderRecord } from '../../kernel/data-folder/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import { openRotatingKey } from '../../kernel/identity/index.js';
import { AgreementBook } from '../../systems/exchange/agent/index.js';
import { type Configuration, readConfigurationFile } from '../../systems/exchange/index.js';
import { rotateStoppedIssuer } from '../consortium/built-in-issuer.js';
import { openFolderState } from '../engines/index.js';
import { configuredCatalogue } from '../serve/configured-catalogue.js';
import { keyFileIn, ownerOf } from '../serve/key-file.js';
import { agreementOperations, issuerOperations, keyOperations, statusOperations } from './operations.js';

/** A folder that no process has. */
export interface StoppedFolder {
  readonly folder: string;
  readonly record: FolderRecord;
  /** The agent's configuration file, which an agreement has to fit. */
  readonly config: string | undefined;
}

/** Opens a folder for as long as `use` takes. Throws `folder-in-use` where a process has it after all. */
export async function withStopped<Result>(
  { folder, record, config }: StoppedFolder,
  use: (operations: ControlOperations) => Promise<Result>,
): Promise<Result> {
  const clock = systemClock;
  const configuration = config === undefined ? undefined : await readConfigurationFile(config);
  const { state, close } = await openFolderState(folder);
  try {
    const key = await openRotatingKey(keyFileIn(folder, record));
    const audit = await openAuditLog({ state, owner: ownerOf(record), key, clock });
    const keys = keyOperations(key, audit, clock);
    const status = (book?: AgreementBook) => statusOperations(key, audit, book, () => ({}));
    if (record.party === undefined) {
      const issuer = issuerOperations(() => rotateStoppedIssuer(folder, clock), audit);
      return await use({ ...keys, ...issuer, ...status() });
    }
    const { party } = record;
    const declarations = () => configuredCatalogue(declared(configuration, party), new Date().toISOString());
    const book = await AgreementBook.open({ party, state, key, audit, declarations, clock });
    return await use({ ...keys, ...status(book), ...agreementOperations(book, party) });
  } finally {
    await close();
  }
}

function declared(configuration: Configuration | undefined, party: string): Configuration {
  if (configuration !== undefined) return configuration;
  const message = `The agent of ${party} does not run, so what it declares is not known, and an agreement has to fit it. Name its configuration with --config, or start it.`;
  throw new StarlingError('input-invalid', message, { details: { option: '--config' } });
}
