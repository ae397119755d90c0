import { rolesMember } from './access/route-access.js';
import { type BodyExamples, bodyContentMember, bodyExamplesMember } from './operation.js';

/** The part of an OpenAPI 3.1 document that is looked at here; everything else is passed on. */
export interface OpenApiDocument {
  readonly openapi?: string;
  readonly paths?: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components?: {
    readonly schemas?: Readonly<Record<string, unknown>>;
    readonly securitySchemes?: Readonly<Record<string, object>>;
  };
}

interface OpenApiOperation {
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, object>> };
  readonly [member: string]: unknown;
}

const prefix = '#/components/schemas/';

/**
 * Makes a generated document one that people read: examples stand with their bodies, and a component that comes in and
 * goes out in the same form is there once, under its plain name. The generator adds `Input` to the name of what comes in.
 * Pure.
 */
export function tidyDocument<Document extends OpenApiDocument>(document: Document): Document {
  const paths = Object.fromEntries(
    Object.entries(document.paths ?? {}).map(([path, operations]) => [
      path,
      Object.fromEntries(
        Object.entries(operations).map(([method, one]) => [method, withExamples(method, one)]),
      ),
    ]),
  );
  const { names, schemas } = tidyComponents(paths, document.components?.schemas ?? {});
  return {
    ...document,
    paths: renamed(paths, names),
    components: { ...document.components, schemas: renamed(schemas, names) },
  };
}

/** The document with the schemes of signing in, any of which does for an operation that is not for anyone. Pure. */
export function withSecurity<Document extends OpenApiDocument>(
  document: Document,
  securitySchemes: Readonly<Record<string, object>>,
): Document {
  const ways = Object.keys(securitySchemes).map((name) => ({ [name]: [] }));
  const secured = (operation: OpenApiOperation) => ({
    ...operation,
    security: operation[rolesMember] === 'anyone' ? [] : ways,
  });
  const paths = Object.entries(document.paths ?? {}).map(([path, operations]) => [
    path,
    Object.fromEntries(Object.entries(operations).map(([method, one]) => [method, secured(one)])),
  ]);
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: { ...document.components, securitySchemes },
  };
}

function withExamples(method: string, operation: OpenApiOperation): OpenApiOperation {
  const { [bodyExamplesMember]: examples, [bodyContentMember]: streamed, requestBody, ...others } = operation;
  if (typeof streamed === 'object' && streamed !== null) {
    const types = Object.entries(streamed).map(([type, schema]) => [type, { schema }]);
    return { ...others, requestBody: { required: true, content: Object.fromEntries(types) } };
  }
  if (requestBody === undefined) return others;
  const content = Object.fromEntries(
    Object.entries(requestBody.content).map(([mediaType, media]) => [
      mediaType,
      { ...media, ...(examples === undefined ? {} : { examples: examples as BodyExamples }) },
    ]),
  );
  // a removal may say more in its body, and need not
  return { ...others, requestBody: { ...requestBody, required: method !== 'delete', content } };
}

type Schemas = Readonly<Record<string, unknown>>;

/** Which components are used from the paths on, and by what names they go. */
function tidyComponents(
  paths: unknown,
  all: Schemas,
): { names: ReadonlyMap<string, string>; schemas: Schemas } {
  const used = new Set<string>();
  const queue = referencesIn(paths);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    queue.push(...referencesIn(all[name]));
  }
  const names = new Map<string, string>();
  for (const name of used) {
    const plain = name.replace(/Input$/, '');
    if (plain === name) continue;
    if (!used.has(plain) || comparable(all[name]) === comparable(all[plain])) names.set(name, plain);
  }
  const kept = [...used].sort().map((name): [string, unknown] => [names.get(name) ?? name, all[name]]);
  return { names, schemas: Object.fromEntries(kept) };
}

function comparable(schema: unknown): string {
  return JSON.stringify(schema, (key, value) =>
    key === '$ref' && typeof value === 'string' ? value.replace(/Input$/, '') : value,
  );
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' && inner.startsWith(prefix)
      ? [inner.slice(prefix.length)]
      : referencesIn(inner),
  );
}

function renamed<Value>(value: Value, names: ReadonlyMap<string, string>): Value {
  const json = JSON.stringify(value, (key, inner) => {
    if (key !== '$ref' || typeof inner !== 'string' || !inner.startsWith(prefix)) return inner;
    const name = inner.slice(prefix.length);
    return prefix + (names.get(name) ?? name);
  });
  return JSON.parse(json) as Value;
}
