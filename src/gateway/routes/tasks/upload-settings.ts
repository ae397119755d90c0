import { randomBytes } from 'node:crypto';
import { StarlingError } from '../../../kernel/errors/index.js';
import { checkFilter, type TaskFilter } from '../../../systems/tasks/index.js';

/** What may be said of files, in the query or in fields before them. */
export interface GivenSettings {
  readonly filter?: string | undefined;
  /** JSON. */
  readonly parameters?: string | undefined;
  readonly batch?: string | undefined;
}

/** A field of a form, as far as it is looked at. */
export interface FormField {
  readonly fieldname: string;
  readonly value: unknown;
  readonly valueTruncated: boolean;
}

const names = ['filter', 'parameters', 'batch'] as const;

/**
 * What is to be done to the files of one request: fields hold for the files that come after them. A field that cannot be
 * understood spoils those files, and not the ones before.
 */
export class UploadSettings {
  readonly #given: { filter?: string; parameters?: string; batch?: string } = {};
  #fault: StarlingError | undefined;

  constructor(query: GivenSettings) {
    for (const name of names) if (query[name] !== undefined) this.#given[name] = query[name];
  }

  /** The batch of the files that come now; made up where none is given. */
  get batch(): string {
    this.#given.batch ??= `b-${randomBytes(8).toString('hex')}`;
    return this.#given.batch;
  }

  /** Takes a field. */
  set({ fieldname, value, valueTruncated }: FormField): void {
    const name = names.find((one) => one === fieldname);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (name === undefined) {
      this.#fault = invalid(
        `The form has a field ${JSON.stringify(fieldname.slice(0, 80))}, which means nothing. Give filter, parameters and batch, and files.`,
      );
    } else if (valueTruncated || (name === 'batch' && !/^[^\p{Cc}]{1,200}$/u.test(text))) {
      this.#fault = invalid(`The field ${name} is too long, or no plain text. Shorten it.`);
    } else this.#given[name] = text;
  }

  /** The filter for the file that comes now. Throws `input-invalid`. */
  filter(): TaskFilter {
    if (this.#fault !== undefined) throw this.#fault;
    const { filter, parameters = '{}' } = this.#given;
    if (filter === undefined)
      throw invalid(
        'It is not said what is to be done to the file. Send the field filter before the file, or add ?filter=… to the address.',
      );
    return checkFilter(filter, parsed(parameters));
  }
}

function parsed(parameters: string): unknown {
  try {
    return JSON.parse(parameters);
  } catch (cause) {
    const message = `The field parameters is not JSON: ${JSON.stringify(parameters.slice(0, 80))}. Give an object as in {"size": 20}.`;
    throw new StarlingError('input-invalid', message, { cause });
  }
}

function invalid(message: string): StarlingError {
  return new StarlingError('input-invalid', message);
}
