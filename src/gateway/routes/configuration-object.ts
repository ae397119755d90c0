import { z } from 'zod';
import type { ErrorCode } from '../../kernel/errors/index.js';
import type { Caller } from '../../kernel/identity/index.js';
import type { ChangeObjectOptions, Exchange } from '../../systems/exchange/index.js';
import {
  type CatalogueEntry,
  type CatalogueKind,
  type CatalogueValues,
  type ConfiguredObjects,
  catalogueKindTitles,
  catalogueNames,
} from '../../systems/exchange/model/index.js';
import type { AccessRule } from '../access/access-rule.js';
import { apiPrefix, type GatewayApp, type Services } from '../app.js';
import { type BodyExamples, json, operation, type Tag } from '../operation.js';
import { entityTag, expectedRevision } from '../preconditions.js';
import { objectOf } from '../schemas/configuration-object.js';
import { listOf } from '../schemas/shared-parts.js';
import { noSuch } from './path-names.js';

export interface ConfigurationRoutesOptions<Kind extends CatalogueKind> {
  readonly kind: Kind;
  readonly tag: Tag;
  /** Below `/api/v1`. */
  readonly path: string;
  /** What stands for one in the path: `name`, or `party` for an agreement. */
  readonly parameter: 'name' | 'party';
  /** The component of one value in the documentation, such as `Agreement`. */
  readonly component: string;
  readonly schema: z.ZodType<CatalogueValues[Kind]>;
  readonly bodies: BodyExamples;
  /** What changing one does, as Markdown. */
  readonly effect: string;
  /** Another form that a body may have, which says its own name. */
  readonly otherForm?: {
    readonly schema: z.ZodType;
    readonly put: (given: object, caller: Caller | undefined) => Promise<void>;
    /** Where it is written, and what is answered. */
    readonly answer: { readonly type: string; readonly body: string };
  };
  readonly access: {
    readonly list: AccessRule;
    readonly read: AccessRule;
    readonly write: AccessRule;
    /** Whether a list has the one of this name for the caller; if not given it has all. */
    readonly lists?: (name: string, caller: Caller | undefined) => boolean;
  };
}

/** The headers that say on what condition an object is changed. */
export const conditions = z.looseObject({
  'if-match': z
    .string()
    .max(100)
    .optional()
    .describe('Only where the object has this ETag; `*`: only where there is one.'),
  'if-none-match': z.string().max(100).optional().describe('`*`: only where there is none yet.'),
});

/** How a write can fail. */
export const writeProblems: readonly ErrorCode[] = [
  'configuration-invalid',
  'revision-conflict',
  'storage-full',
  'storage-failed',
];

/** An object as the API shows it. */
export interface ObjectView<Value> extends CatalogueEntry<Value> {
  readonly name: string;
}

/** The routes that every kind of configuration object has: list, read, write. Returns the schema of one value, as documented. */
export function configurationRoutes<Kind extends CatalogueKind>(
  app: GatewayApp,
  services: Services,
  options: ConfigurationRoutesOptions<Kind>,
): z.ZodType<CatalogueValues[Kind]> {
  const parts = objectParts(services.exchange, options);
  readingRoutes(app, services, options, parts);
  writingRoute(app, services, options, parts);
  return parts.value;
}

/** What the routes of one kind share. */
export function objectParts<Kind extends CatalogueKind>(
  exchange: Exchange,
  { kind, parameter, component, schema, path }: ConfigurationRoutesOptions<Kind>,
) {
  const title = catalogueKindTitles[kind];
  const value = schema.meta({ id: component });
  return {
    title,
    path: `${apiPrefix}/${path}`,
    value,
    stored: objectOf(value, `Stored${component}`),
    nameOf: (given: object) => String((given as Record<string, unknown>)[parameter]),
    find: (name: string): ObjectView<CatalogueValues[Kind]> => {
      const objects: ConfiguredObjects = exchange.catalogue();
      const entries = objects[kind];
      const entry = entries.get(name);
      if (entry === undefined) throw noSuch(title, name, entries.keys());
      return objectView(name, entry as CatalogueEntry<CatalogueValues[Kind]>);
    },
  };
}

type ObjectParts<Kind extends CatalogueKind> = ReturnType<typeof objectParts<Kind>>;

/** The routes that list and read. */
export function readingRoutes<Kind extends CatalogueKind>(
  app: GatewayApp,
  { exchange }: Services,
  { kind, tag, parameter, component, access }: ConfigurationRoutesOptions<Kind>,
  { title, path, stored, nameOf, find }: ObjectParts<Kind>,
): void {
  const params = z.strictObject({ [parameter]: z.string().min(1).max(200) });
  app.get(
    path,
    {
      schema: operation({
        id: `list${component}s`,
        tag,
        summary: `List all ${title}s`,
        access: access.list,
        answers: { 200: json(`All ${title}s, by name.`, listOf(stored, `${component}List`)) },
      }),
    },
    async ({ caller }) => {
      const { lists = () => true } = access;
      const objects: ConfiguredObjects = exchange.catalogue();
      const entries = [...objects[kind]].filter(([name]) => lists(name, caller));
      return {
        items: entries.map(([name, entry]) => objectView(name, entry)).sort(inNameOrder),
      };
    },
  );

  app.get(
    `${path}/:${parameter}`,
    {
      schema: {
        ...operation({
          id: `read${component}`,
          tag,
          summary: `Read one ${title}`,
          access: access.read,
          description: 'The ETag is its revision: send it as `If-Match` to change just what was read.',
          answers: { 200: json(`The ${title}.`, stored) },
          problems: ['not-found'],
        }),
        params,
      },
    },
    async (request, reply) => {
      const object = find(nameOf(request.params));
      return reply.header('etag', entityTag(object.revision)).send(object);
    },
  );
}

/** The route that writes one. */
export function writingRoute<Kind extends CatalogueKind>(
  app: GatewayApp,
  { exchange }: Services,
  { kind, tag, parameter, component, bodies, effect, access, otherForm }: ConfigurationRoutesOptions<Kind>,
  { title, path, value, stored, nameOf, find }: ObjectParts<Kind>,
): void {
  const other = otherForm && { [otherForm.answer.type]: { schema: z.literal(otherForm.answer.body) } };
  const written = json(`The ${title} as it is now.`, stored);
  app.put(
    `${path}/:${parameter}`,
    {
      schema: {
        ...operation({
          id: `put${component}`,
          tag,
          summary: `Write one ${title}`,
          access: access.write,
          description: effect,
          answers: {
            200: { ...written, content: { ...written.content, ...other } },
            201: json(`The ${title} was made.`, stored),
          },
          problems: [...writeProblems, 'input-too-large', 'media-type-unsupported'],
          bodies,
        }),
        params: z.strictObject({ [parameter]: catalogueNames[kind] }),
        headers: conditions,
        body: otherForm === undefined ? value : z.union([value, otherForm.schema]),
      },
    },
    async (request, reply) => {
      if (otherForm?.schema.safeParse(request.body).success === true) {
        await otherForm.put(request.body as object, request.caller);
        return reply.type(`${otherForm.answer.type}; charset=utf-8`).send(otherForm.answer.body);
      }
      const name = nameOf(request.params as object);
      const current = exchange.catalogue()[kind].get(name)?.revision;
      const ifRevision = expectedRevision(request.headers, current);
      const written = request.body as CatalogueValues[Kind];
      await exchange.putObject(kind, name, written, changeBy(request.caller, ifRevision));
      const object = find(name);
      return reply
        .status(current === undefined ? 201 : 200)
        .header('etag', entityTag(object.revision))
        .send(object);
    },
  );
}

/** Who changes an object, and at which revision, as the exchange takes it. */
export function changeBy(caller: Caller | undefined, ifRevision: number | undefined): ChangeObjectOptions {
  return {
    ...(ifRevision === undefined ? {} : { ifRevision }),
    ...(caller === undefined ? {} : { caller }),
  };
}

function objectView<Value>(name: string, entry: CatalogueEntry<Value>): ObjectView<Value> {
  const { revision, source, changedAt, value } = entry;
  return { name, revision, source, changedAt, value };
}

function inNameOrder(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}
