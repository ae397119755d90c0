import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { StarlingError } from '../../../kernel/errors/index.js';
import { type Position, positionOf } from '../configuration/positions.js';
import { issueText, validate } from '../model/index.js';
import {
  type DynamosAgreement,
  type DynamosArchetype,
  type DynamosDataSet,
  type DynamosMicroservice,
  type DynamosOptionalMicroservices,
  type DynamosRequestType,
  dynamosAgreement,
  dynamosArchetype,
  dynamosDataSet,
  dynamosMicroservice,
  dynamosOptionalMicroservices,
  dynamosRequestType,
} from './forms.js';

const schemas = {
  'agreements.json': z.array(dynamosAgreement),
  'archetype.json': z.array(dynamosArchetype),
  'datasets.json': z.array(dynamosDataSet),
  'microservices.json': z.array(dynamosMicroservice),
  'optional_microservices.json': z.array(dynamosOptionalMicroservices),
  'requestType.json': z.array(dynamosRequestType),
} as const;

/** The files that DYNAMOS launches with. */
export type LaunchFileName = keyof typeof schemas;
export const launchFileNames = Object.keys(schemas) as readonly LaunchFileName[];

/** What the launch files say. */
export interface Launch {
  readonly agreements: readonly DynamosAgreement[];
  readonly archetypes: readonly DynamosArchetype[];
  readonly dataSets: readonly DynamosDataSet[];
  readonly microservices: readonly DynamosMicroservice[];
  readonly optionalMicroservices: readonly DynamosOptionalMicroservices[];
  readonly requestTypes: readonly DynamosRequestType[];
  /** Fields that DYNAMOS does not have, and so are left out. */
  readonly notes: readonly string[];
}

/**
 * Reads the texts of the launch files. Throws `configuration-invalid` with every fault of all of them: a file that is not
 * there, JSON that is none, a field that is missing or has another form, a name that is there twice.
 */
export function readLaunchFiles(texts: Readonly<Partial<Record<LaunchFileName, string>>>): Launch {
  const faults: string[] = [];
  const notes: string[] = [];
  const read = <Name extends LaunchFileName>(name: Name): z.output<(typeof schemas)[Name]> | [] => {
    const text = texts[name];
    if (text === undefined) {
      faults.push(`${name}: there is no such file; DYNAMOS keeps it with the others`);
      return [];
    }
    const found = readFile(name, text);
    faults.push(...found.faults);
    notes.push(...found.notes);
    return found.value ?? [];
  };
  const launch: Launch = {
    agreements: read('agreements.json'),
    archetypes: read('archetype.json'),
    dataSets: read('datasets.json'),
    microservices: read('microservices.json'),
    optionalMicroservices: read('optional_microservices.json'),
    requestTypes: read('requestType.json'),
    notes,
  };
  if (faults.length === 0) return launch;
  const count = faults.length === 1 ? 'an error' : `${faults.length} errors`;
  throw new StarlingError(
    'configuration-invalid',
    `The files of DYNAMOS have ${count}:${faults.map((fault) => `\n  ${fault}`).join('')}`,
    { details: { errors: faults } },
  );
}

function readFile<Name extends LaunchFileName>(
  name: Name,
  text: string,
): {
  readonly value?: z.output<(typeof schemas)[Name]>;
  readonly faults: readonly string[];
  readonly notes: readonly string[];
} {
  const counter = new LineCounter();
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const { line, column } = jsonPosition(message, text);
    return { faults: [`${name}:${line}:${column}: it is not JSON; correct it here: ${message}`], notes: [] };
  }
  // every JSON text is YAML, whose reader tells where things are
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false });
  const at = (path: readonly (string | number)[], key?: 'key'): string => {
    const { line, column } = positionOf(document, counter, {
      path,
      ...(key === undefined ? {} : { at: key }),
    });
    return `${name}:${line}:${column}`;
  };
  const result = validate<z.ZodType<readonly object[]>>(schemas[name], given);
  if (!result.ok) {
    return { faults: result.issues.map((issue) => `${at(issue.path)}: ${issueText(issue)}`), notes: [] };
  }
  const unknown = unknownFields(given, result.value, []);
  return {
    value: result.value as z.output<(typeof schemas)[Name]>,
    faults: twice(result.value, at),
    notes: unknown.map(
      (path) => `${at(path, 'key')}: ${path.join('.')} is not a field that DYNAMOS has; it is left out.`,
    ),
  };
}

/** Where a parser stopped, as its message says; the end of the text where it does not. */
function jsonPosition(message: string, text: string): Position {
  const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** Paths of what was given and is not in what was made of it. */
function unknownFields(
  given: unknown,
  read: unknown,
  path: readonly (string | number)[],
): (string | number)[][] {
  if (typeof given !== 'object' || given === null || typeof read !== 'object' || read === null) return [];
  const known = new Map<string, unknown>(Object.entries(read));
  return Object.entries(given).flatMap(([key, value]) => {
    const here = [...path, Array.isArray(given) ? Number(key) : key];
    return known.has(key) ? unknownFields(value, known.get(key), here) : [here];
  });
}

/** A name that two have: which of them would hold is nobody's guess. */
function twice(objects: readonly object[], at: (path: readonly (string | number)[]) => string): string[] {
  const seen = new Set<string>();
  return objects.flatMap((object, index) => {
    const field = 'name' in object ? 'name' : 'data_steward';
    const name = String((object as Record<string, unknown>)[field]);
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [`${at([index, field])}: ${name} is there twice; keep one of the two`];
  });
}
