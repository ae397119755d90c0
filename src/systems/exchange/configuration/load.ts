import { type Document, LineCounter, parseDocument, visit, type YAMLError } from 'yaml';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { ServiceDeclaration } from '../../../runtime/service.js';
import { type CatalogueRecords, type Issue, issueText } from '../model/index.js';
import type { AccessSettings } from './access.js';
import type { Compatibility } from './compatibility.js';
import { type Position, positionAt, positionOf } from './positions.js';
import { readSections } from './sections.js';

/** A whole configuration, with the built-in objects where the file leaves a section out. */
export interface Configuration extends CatalogueRecords {
  /** Whose tokens are believed; absent where the file does not say. */
  readonly access?: AccessSettings;
  /** Whose clients are served in the forms that they know; absent where the file does not say. */
  readonly compatibility?: Compatibility;
  /** What is to be kept running, besides what systems declare themselves; none where the file does not say. */
  readonly services?: readonly ServiceDeclaration[];
}

/** One fault in a configuration file; line and column count from 1. */
export interface ConfigurationFault extends Position {
  readonly path: Issue['path'];
  readonly message: string;
}

/** Faults that are told at once. */
const mostFaults = 20;

/** Aliases resolved while reading; more are taken for an attempt to blow the file up. */
const mostAliases = 1_000;

function syntaxFault(error: YAMLError, text: string, counter: LineCounter): ConfigurationFault {
  const [start, end] = error.pos;
  const position = positionAt(counter, start);
  if (error.code !== 'DUPLICATE_KEY') {
    return { ...position, path: [], message: `${error.message}; correct the YAML here` };
  }
  const key = /^[^:\n]*/.exec(text.slice(start, Math.max(end, start + 100)))?.[0].trim() ?? '';
  return { ...position, path: [], message: `${key} is there twice; keep one of the two` };
}

/** The first alias that stands for nothing, else the first one. */
function aliasPosition(document: Document, counter: LineCounter): Position {
  let first: number | undefined;
  let unresolved: number | undefined;
  visit(document, {
    Alias: (_key, alias) => {
      first ??= alias.range?.[0];
      if (alias.resolve(document) === undefined) unresolved ??= alias.range?.[0];
    },
  });
  return positionAt(counter, unresolved ?? first ?? 0);
}

function invalid(fileName: string, faults: readonly ConfigurationFault[]): StarlingError {
  const sorted = [...faults].sort((one, other) => one.line - other.line || one.column - other.column);
  const told = sorted.slice(0, mostFaults);
  const lines = told.map(
    ({ line, column, path, message }) => `\n  ${fileName}:${line}:${column}: ${issueText({ path, message })}`,
  );
  const more = sorted.length > told.length ? `\n  and ${sorted.length - told.length} more` : '';
  const count = sorted.length === 1 ? 'an error' : `${sorted.length} errors`;
  return new StarlingError('configuration-invalid', `${fileName} has ${count}:${lines.join('')}${more}`, {
    details: { file: fileName, errors: told },
  });
}

/**
 * Reads a configuration from YAML text. `fileName` is only for messages.
 *
 * Throws `configuration-invalid` with all faults at once (20 at most): the message has one line
 * `file:line:column: what, and what to do` for each, `details.errors` has them as `ConfigurationFault`s.
 */
export function loadConfiguration(text: string, fileName: string): Configuration {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const faults = document.errors.map((error) => syntaxFault(error, text, counter));
  if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) throw invalid(fileName, faults);
  if (document.contents === null) {
    const message = 'the file is empty; `starling init` writes an example';
    throw invalid(fileName, [{ line: 1, column: 1, path: [], message }]);
  }
  let root: unknown;
  try {
    root = document.toJS({ maxAliasCount: mostAliases });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const message = `${reason}; correct the alias, or write out what it stands for`;
    throw invalid(fileName, [{ ...aliasPosition(document, counter), path: [], message }]);
  }
  const { objects, access, compatibility, services, issues } = readSections(root);
  for (const issue of issues) {
    const { path, message } = issue;
    faults.push({ ...positionOf(document, counter, issue), path, message });
  }
  if (faults.length > 0) throw invalid(fileName, faults);
  return {
    ...objects,
    ...(services === undefined ? {} : { services }),
    ...(access === undefined ? {} : { access }),
    ...(compatibility === undefined ? {} : { compatibility }),
  };
}
