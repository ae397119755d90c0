import { z } from 'zod';
import {
  dynamosAgreement,
  dynamosArchetype,
  dynamosMicroservice,
  dynamosRequestType,
  fromAgreement,
  fromArchetype,
  fromRequestType,
  fromStep,
} from '../../systems/exchange/dynamos/index.js';
import type {
  CatalogueKind,
  CatalogueValues,
  ConfiguredObjects,
} from '../../systems/exchange/model/index.js';
import { type AccessRule, assertMayUse, operatorsWrite } from '../access/access-rule.js';
import { apiPrefix, type GatewayApp, type GatewayRequest, type Services } from '../app.js';
import { type BodyExamples, json, operation } from '../operation.js';
import { agreementAccess } from './agreements.js';
import { type DynamosChange, dynamosChanges, okText } from './dynamos-changes.js';
import { noSuch } from './path-names.js';

/** One kind of object in the form that DYNAMOS has of it. */
interface DynamosForm<Kind extends CatalogueKind> {
  readonly kind: Kind;
  /** Below `/api/v1`, and below each name. */
  readonly path: string;
  readonly below?: string;
  /** Further paths of the list, or of all, that are not documented. */
  readonly aliases?: readonly string[];
  readonly component: string;
  readonly title: string;
  /** One object as it is shown. */
  readonly schema: z.ZodType;
  /** One object as it is sent. */
  readonly body: z.ZodType<{ readonly name: string }>;
  readonly example: BodyExamples[string]['value'];
  readonly access: {
    readonly list: AccessRule;
    readonly read: AccessRule;
    readonly write: AccessRule;
    readonly lists?: (name: string, caller: GatewayRequest['caller']) => boolean;
  };
  readonly from: (name: string, value: CatalogueValues[Kind]) => object;
  readonly change: DynamosChange;
}

const problems = ['configuration-invalid', 'revision-conflict', 'storage-full', 'storage-failed'] as const;

/** Archetypes, request types, microservices and agreements, as clients of DYNAMOS read and write them. */
export function dynamosConfigurationRoutes(app: GatewayApp, services: Services): void {
  const { exchange, compatibility } = services;
  const changes = dynamosChanges(exchange);
  const stepOf = (name: string) => exchange.catalogue().steps.get(name)?.value;
  const archetypes: DynamosForm<'archetypes'> = {
    kind: 'archetypes',
    path: 'archetypes',
    component: 'Archetype',
    title: 'archetype',
    schema: dynamosArchetype,
    body: dynamosArchetype,
    example: {
      name: 'computeToData',
      computeProvider: 'dataProvider',
      resultRecipient: 'requestor',
      weight: 300,
    },
    access: operatorsWrite,
    from: fromArchetype,
    change: changes.archetype,
  };
  // the paths of one archetype are Starling's own, which takes this form of a body too
  if (compatibility.dynamos === true) readRoutes(app, services, archetypes);
  writeRoute(app, archetypes, archetypes.path);
  const requestTypes: DynamosForm<'requestTypes'> = {
    kind: 'requestTypes',
    path: 'requestTypes',
    aliases: ['requesttypes'],
    component: 'RequestType',
    title: 'request type',
    schema: dynamosRequestType,
    body: dynamosRequestType,
    example: {
      name: 'sqlDataRequest',
      requiredServices: ['sql-query', 'sql-algorithm'],
      optionalServices: { 'sql-anonymize': 'anonymize' },
    },
    access: operatorsWrite,
    from: (name, value) => fromRequestType(name, value, stepOf),
    change: changes.requestType,
  };
  const microservices: DynamosForm<'steps'> = {
    kind: 'steps',
    path: 'microservices',
    below: 'chainMetadata',
    component: 'Microservice',
    title: 'microservice',
    schema: z.object({ name: z.string(), label: z.string(), allowedOutputs: z.array(z.string()) }),
    body: dynamosMicroservice as z.ZodType<{ readonly name: string }>,
    example: { name: 'sql-anonymize', label: 'dataProvider', allowedOutputs: ['sql-algorithm'] },
    access: operatorsWrite,
    from: fromStep,
    change: changes.microservice,
  };
  const agreements: DynamosForm<'agreements'> = {
    kind: 'agreements',
    path: 'policyEnforcer/agreements',
    aliases: ['policyEnforcer'],
    component: 'Agreement',
    title: 'agreement',
    schema: dynamosAgreement,
    body: dynamosAgreement as z.ZodType<{ readonly name: string }>,
    example: {
      name: 'VU',
      relations: {
        'ada@university.example': {
          ID: 'GUID',
          requestTypes: ['sqlDataRequest'],
          dataSets: ['wageGap'],
          allowedArchetypes: ['computeToData'],
          allowedComputeProviders: ['SURF'],
        },
      },
      computeProviders: ['SURF'],
      archetypes: ['computeToData'],
    },
    access: { ...agreementAccess, read: ['steward of {name}', 'operator'], write: ['steward'] },
    from: fromAgreement,
    change: async (given, caller) => {
      // whose it is stands in the body, where the rule of the route does not look
      const { name: party } = given as { readonly name: string };
      if (caller !== undefined) assertMayUse(agreementAccess.write, caller.person, { party });
      await changes.agreement(given, caller);
    },
  };
  for (const form of [requestTypes, microservices, agreements] as const) {
    readRoutes(app, services, form as DynamosForm<CatalogueKind>);
    writeRoutes(app, form as DynamosForm<CatalogueKind>);
  }
}

function readRoutes<Kind extends CatalogueKind>(
  app: GatewayApp,
  { exchange }: Services,
  { kind, path, below, aliases = [], component, title, schema, access, from }: DynamosForm<Kind>,
): void {
  const one = schema.meta({ id: `Dynamos${component}` });
  const entries = () => {
    const objects: ConfiguredObjects = exchange.catalogue();
    return objects[kind] as ReadonlyMap<string, { readonly value: CatalogueValues[Kind] }>;
  };
  const list = {
    ...operation({
      id: `listDynamos${component}s`,
      tag: 'DYNAMOS',
      summary: `List all ${title}s, as clients of DYNAMOS do`,
      access: access.list,
      answers: { 200: json(`All ${title}s, by name.`, z.array(one)) },
    }),
  };
  const read = {
    ...operation({
      id: `readDynamos${component}`,
      tag: 'DYNAMOS',
      summary: `Read one ${title}, as clients of DYNAMOS do`,
      access: access.read,
      answers: { 200: json(`The ${title}.`, one) },
      problems: ['not-found'],
    }),
    params: z.strictObject({ name: z.string().min(1).max(200) }),
  };
  for (const [index, at] of [path, ...aliases].entries()) {
    const hide = index > 0;
    app.get(`${apiPrefix}/${at}`, { schema: { ...list, hide } }, async ({ caller }) =>
      [...entries()]
        .filter(([name]) => access.lists?.(name, caller) ?? true)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, { value }]) => from(name, value)),
    );
  }
  for (const [index, after] of ['', ...(below === undefined ? [] : [`/${below}`])].entries()) {
    app.get(
      `${apiPrefix}/${path}/:name${after}`,
      { schema: { ...read, hide: index > 0 } },
      async ({ params }) => {
        const { name } = params as { readonly name: string };
        const found = entries().get(name);
        if (found === undefined) throw noSuch(title, name, entries().keys());
        return from(name, found.value);
      },
    );
  }
}

/** A client of DYNAMOS may send an object to any path below that of its kind: its name is in the body. */
function writeRoutes(app: GatewayApp, form: DynamosForm<CatalogueKind>): void {
  const { path, below, aliases = [] } = form;
  const after = below === undefined ? [] : [`${path}/:name/${below}`];
  writeRoute(app, form, path);
  for (const at of [`${path}/:name`, ...after, ...aliases]) writeRoute(app, form, at, true);
}

function writeRoute<Kind extends CatalogueKind>(
  app: GatewayApp,
  { component, title, body, example, access, change }: DynamosForm<Kind>,
  path: string,
  hide = false,
): void {
  app.put(
    `${apiPrefix}/${path}`,
    {
      schema: {
        ...operation({
          id: `putDynamos${component}`,
          tag: 'DYNAMOS',
          summary: `Write one ${title}, as clients of DYNAMOS do`,
          access: access.write,
          description: 'Its name is in the body, whatever the path says. It takes effect at once.',
          answers: { 200: okText },
          problems: [...problems, 'input-too-large', 'media-type-unsupported'],
          bodies: { one: { summary: `The ${title} as in its documentation`, value: example } },
        }),
        hide,
        body,
      },
    },
    async (request, reply) => {
      await change(request.body as object, request.caller);
      return reply.type('text/plain; charset=utf-8').send('OK');
    },
  );
}
