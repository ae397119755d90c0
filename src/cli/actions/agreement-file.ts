import type { Document } from 'yaml';
import { StarlingError } from '../../kernel/errors/index.js';

/** A YAML or JSON file as it was read, which can say where a part of it is. */
export interface AgreementFile {
  /** Plain data. */
  readonly value: unknown;
  /** An error of the gateway about the value, with `file:line:column` for each fault; any other error as it is. */
  withPlaces(error: StarlingError): StarlingError;
}

interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/** Reads YAML or JSON text. Throws `input-invalid` with each fault as `file:line:column: what`. */
export async function parseAgreementFile(text: string, file: string): Promise<AgreementFile> {
  const { LineCounter, parseDocument } = await import('yaml');
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const name = file === '-' ? 'standard input' : file;
  const faults = document.errors.map((error) => {
    const { line, col } = counter.linePos(error.pos[0]);
    return `\n  ${name}:${line}:${col}: ${error.message}`;
  });
  if (faults.length > 0) {
    const message = `${name} is neither YAML nor JSON. Correct it:${faults.join('')}`;
    throw new StarlingError('input-invalid', message, { details: { file: name } });
  }
  if (document.contents === null) {
    const message = `${name} is empty. Give an agreement, as \`starling agreements show\` prints one.`;
    throw new StarlingError('input-invalid', message, { details: { file: name } });
  }
  const { positionOf } = await import('../../systems/exchange/configuration/positions.js');
  return {
    value: plainValue(document, name),
    withPlaces(error) {
      const errors = faultsIn(error);
      if (error.code !== 'input-invalid' || errors.length === 0) return error;
      const lines = errors.map(({ pointer, message }) => {
        const path = pointerPath(pointer);
        const { line, column } = positionOf(document, counter, { path });
        return `\n  ${name}:${line}:${column}: ${path.length === 0 ? '' : `${path.join('.')}: `}${message}`;
      });
      const message = `${name} is not an agreement. Correct it:${lines.join('')}`;
      return new StarlingError(error.code, message, { details: { ...error.details }, cause: error });
    },
  };
}

/** Aliases resolved while reading; more are taken for an attempt to blow the file up. */
const mostAliases = 1_000;

function plainValue(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: mostAliases });
  } catch (thrown) {
    throw StarlingError.from(thrown, 'input-invalid', `The aliases in ${name} cannot be resolved`);
  }
}

function faultsIn({ details }: StarlingError): Fault[] {
  const errors: unknown = details?.errors;
  return Array.isArray(errors) ? errors.filter(isFault) : [];
}

function isFault(value: unknown): value is Fault {
  if (typeof value !== 'object' || value === null) return false;
  return 'pointer' in value && typeof value.pointer === 'string' && 'message' in value;
}

/** The names in a JSON pointer (RFC 6901). */
function pointerPath(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}
