import { afterAll, beforeAll, expect, it } from 'vitest';
import { madeKey } from '../../src/kernel/identity/made-key.js';
import type { Answer, JsonObject } from './documented-call.js';
import { hostsDouble } from './hosts-double.js';
import { linkDouble } from './link-double.js';
import { runtimeDouble } from './runtime-double.js';
import { as, openSignedInGateway, people, verifier } from './signed-in-gateway.js';
import { smallExchange } from './small-exchange.js';
import { queuesDouble, tasksDouble } from './tasks-double.js';
import type { TestGateway } from './test-gateway.js';

/**
 * Who gets which status where: every operation of the OpenAPI document, for nobody, an expired token, Ada (who asked `r-1`
 * and has the job), Bob (another requester), the stewards of VU (which was asked) and UVA (which was not), an operator, and
 * a guest without any role, an instance of a service, and the host `h1`. Whoever adds a route decides it here.
 */
const decided = `
operation                                   nobody expired ada bob VU  UVA operator guest worker h1
GET /api/v1/agreements                      401    401     403 403 200 200 200      403   403   403
GET /api/v1/agreements/{party}              401    401     403 403 200 403 200      403   403   403
PUT /api/v1/agreements/{party}              401    401     403 403 200 403 403      403   403   403
DELETE /api/v1/agreements/{party}           401    401     403 403 204 403 403      403   403   403
POST /api/v1/agreements/{party}/dry-run     401    401     403 403 200 403 403      403   403   403
GET /api/v1/archetypes                      401    401     200 200 200 200 200      403   403   403
GET /api/v1/archetypes/{name}               401    401     200 200 200 200 200      403   403   403
PUT /api/v1/archetypes/{name}               401    401     403 403 403 403 200      403   403   403
DELETE /api/v1/archetypes/{name}            401    401     403 403 403 403 204      403   403   403
GET /api/v1/data-sets                       401    401     200 200 200 200 200      403   403   403
GET /api/v1/data-sets/{name}                401    401     200 200 200 200 200      403   403   403
GET /api/v1/jobs                            401    401     200 200 200 200 200      403   403   403
GET /api/v1/jobs/{id}                       401    401     200 403 200 403 200      403   403   403
DELETE /api/v1/jobs/{id}                    401    401     200 403 200 403 200      403   403   403
POST /api/v1/jobs/{id}/requests             401    401     200 403 403 403 403      403   403   403
GET /api/v1/jobs/{id}/result                401    401     200 403 403 403 403      403   403   403
GET /api/v1/jobs/{id}/explanation           401    401     200 403 200 403 200      403   403   403
GET /api/v1/jobs/{id}/events                401    401     200 403 403 403 200      403   403   403
GET /api/v1/parties                         401    401     200 200 200 200 200      403   403   403
GET /api/v1/parties/{id}                    401    401     200 200 200 200 200      403   403   403
GET /api/v1/parties/{id}/audit              401    401     403 403 200 403 403      403   403   403
POST /api/v1/parties/{id}/enrolment         401    401     403 403 403 403 201      403   403   403
DELETE /api/v1/parties/{id}/enrolment       401    401     403 403 403 403 204      403   403   403
GET /api/v1/enrolments                      401    401     403 403 403 403 200      403   403   403
POST /api/v1/enrolments                     201    201     201 201 201 201 201      201   201   201
GET /api/v1/agents/link                     400    400     400 400 400 400 400      400   400   400
GET /api/v1/audit                           401    401     403 403 403 403 200      403   403   403
GET /.well-known/openid-configuration       200    200     200 200 200 200 200      200   200   200
GET /.well-known/jwks.json                  200    200     200 200 200 200 200      200   200   200
GET /api/v1/request-types                   401    401     200 200 200 200 200      403   403   403
GET /api/v1/request-types/{name}            401    401     200 200 200 200 200      403   403   403
PUT /api/v1/request-types/{name}            401    401     403 403 403 403 200      403   403   403
DELETE /api/v1/request-types/{name}         401    401     403 403 403 403 204      403   403   403
POST /api/v1/requests                       401    401     200 200 403 403 403      403   403   403
GET /api/v1/requests                        401    401     200 200 200 200 200      403   403   403
GET /api/v1/requests/{id}                   401    401     200 403 200 403 200      403   403   403
DELETE /api/v1/requests/{id}                401    401     200 403 403 403 200      403   403   403
DELETE /api/v1/requests/{id}/answer         401    401     200 403 403 403 200      403   403   403
GET /api/v1/requests/{id}/result            401    401     200 403 403 403 403      403   403   403
GET /api/v1/requests/{id}/explanation       401    401     200 403 200 403 200      403   403   403
GET /api/v1/requests/{id}/events            401    401     200 403 403 403 200      403   403   403
GET /api/v1/services                        401    401     403 403 403 403 200      403   403   403
GET /api/v1/services/{name}                 401    401     403 403 403 403 200      403   403   403
PUT /api/v1/services/{name}/replicas        401    401     403 403 403 403 200      403   403   403
POST /api/v1/services/{name}/restart        401    401     403 403 403 403 200      403   403   403
GET /api/v1/services/{name}/logs            401    401     403 403 403 403 200      403   403   403
GET /api/v1/hosts                           401    401     403 403 403 403 200      403   403   403
POST /api/v1/hosts/{name}/drain             401    401     403 403 403 403 200      403   403   403
DELETE /api/v1/hosts/{name}/drain           401    401     403 403 403 403 200      403   403   403
DELETE /api/v1/hosts/{name}                 401    401     403 403 403 403 204      403   403   403
POST /api/v1/hosts/{name}/registration      401    401     403 403 403 403 403      403   403   200
DELETE /api/v1/hosts/{name}/registration    401    401     403 403 403 403 403      403   403   204
POST /api/v1/hosts/{name}/reports           401    401     403 403 403 403 403      403   403   200
GET /api/v1/hosts/{name}/orders             401    401     403 403 403 403 403      403   403   200
POST /api/v1/hosts/{name}/tokens            401    401     403 403 403 403 403      403   403   200
POST /api/v1/hosts/{name}/lines             401    401     403 403 403 403 403      403   403   204
GET /api/v1/tasks/progress                  401    401     200 200 200 200 200      403   403   403
GET /api/v1/tasks/progress/events           401    401     200 200 200 200 200      403   403   403
POST /api/v1/tasks/take                     401    401     403 403 403 403 403      403   200   403
POST /api/v1/tasks/{id}/extend              401    401     403 403 403 403 403      403   200   403
POST /api/v1/tasks/{id}/fail                401    401     403 403 403 403 403      403   200   403
POST /api/v1/tasks/{id}/give-back           401    401     403 403 403 403 403      403   200   403
PUT /api/v1/tasks/{id}/result               401    401     403 403 403 403 403      403   400   403
GET /api/v1/uploads                         401    401     200 200 200 200 200      403   403   403
POST /api/v1/uploads                        401    401     412 412 412 412 412      403   403   403
PATCH /api/v1/uploads/{id}                  401    401     412 403 403 403 412      403   403   403
DELETE /api/v1/uploads/{id}                 401    401     412 403 403 403 412      403   403   403
POST /api/v1/tasks                          401    401     415 415 415 415 415      403   403   403
GET /api/v1/tasks                           401    401     200 200 200 200 200      403   403   403
POST /api/v1/tasks/retry                    401    401     200 200 200 200 200      403   403   403
GET /api/v1/tasks/{id}                      401    401     200 403 403 403 200      403   403   403
POST /api/v1/tasks/{id}/cancel              401    401     200 403 403 403 200      403   403   403
POST /api/v1/tasks/{id}/retry               401    401     200 403 403 403 200      403   403   403
GET /api/v1/tasks/{id}/original             401    401     200 403 403 403 200      403   200   403
GET /api/v1/tasks/{id}/result               401    401     200 403 403 403 200      403   403   403
GET /api/v1/filters                         401    401     200 200 200 200 200      403   200   403
GET /api/v1/queues                          401    401     403 403 403 403 200      403   403   403
GET /api/v1/queues/{name}                   401    401     403 403 403 403 200      403   403   403
POST /api/v1/queues/{name}/pause            401    401     403 403 403 403 200      403   403   403
POST /api/v1/queues/{name}/resume           401    401     403 403 403 403 200      403   403   403
GET /api/v1/queues/{name}/dead-letters      401    401     403 403 403 403 200      403   403   403
POST /api/v1/queues/{name}/dead-letters/{sequence}/retry 401    401     403 403 403 403 200      403   403   403
DELETE /api/v1/queues/{name}/dead-letters/{sequence} 401    401     403 403 403 403 204      403   403   403
GET /api/v1/status                          401    401     403 403 403 403 200      403   403   403
GET /api/v1/steps                           401    401     200 200 200 200 200      403   403   403
GET /api/v1/steps/{name}                    401    401     200 200 200 200 200      403   403   403
PUT /api/v1/steps/{name}                    401    401     403 403 403 403 200      403   403   403
DELETE /api/v1/steps/{name}                 401    401     403 403 403 403 204      403   403   403
GET /api/v1/users                           401    401     403 403 403 403 200      403   403   403
DELETE /api/v1/users/{id}                   401    401     403 403 403 403 200      403   403   403
PUT /api/v1/users/{id}                      401    401     403 403 403 403 204      403   403   403
POST /api/v1/requestApproval                401    401     200 200 403 403 403      403   403   403
POST /agent/v1/sqlDataRequest/{steward}     401    401     200 403 403 403 403      403   403   403
GET /api/v1/getAvailableProviders           401    401     200 200 200 200 200      403   403   403
PUT /api/v1/archetypes                      401    401     403 403 403 403 200      403   403   403
GET /api/v1/requestTypes                    401    401     200 200 200 200 200      403   403   403
GET /api/v1/requestTypes/{name}             401    401     200 200 200 200 200      403   403   403
PUT /api/v1/requestTypes                    401    401     403 403 403 403 200      403   403   403
GET /api/v1/microservices                   401    401     200 200 200 200 200      403   403   403
GET /api/v1/microservices/{name}            401    401     200 200 200 200 200      403   403   403
PUT /api/v1/microservices                   401    401     403 403 403 403 200      403   403   403
GET /api/v1/policyEnforcer/agreements       401    401     403 403 200 200 200      403   403   403
GET /api/v1/policyEnforcer/agreements/{name} 401    401     403 403 200 403 200      403   403   403
PUT /api/v1/policyEnforcer/agreements       401    401     403 403 200 403 403      403   403   403
GET /healthz                                200    200     200 200 200 200 200      200   200   200
GET /metrics                                401    401     403 403 403 403 200      403   403   403
GET /openapi.json                           200    200     200 200 200 200 200      200   200   200
GET /readyz                                 200    200     200 200 200 200 200      200   200   200
`;

const [head = '', ...lines] = decided.trim().split('\n');
const [, ...callers] = head.split(/ +/);
const table = lines.map((line) => {
  const [method = '', path = '', ...statuses] = line.split(/ +/);
  return { method, path, statuses };
});

interface Operation {
  readonly 'x-starling-roles': 'anyone' | readonly string[];
  readonly security: readonly object[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly examples?: Readonly<Record<string, { value: object }>> }>
    >;
  };
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

const issuer = {
  discovery: () => ({ issuer: 'http://127.0.0.1:8080' }),
  jwks: () => ({ keys: [] }),
};
/** A body for the operation without an example. */
const redemption = {
  party: 'VU',
  secret: 'x'.repeat(40),
  publicKey: madeKey().publicKey,
  proof: 'a.b.c',
};

let test: TestGateway;
let paths: Paths;
beforeAll(async () => {
  test = await openSignedInGateway(smallExchange(), {
    access: { mode: 'signed-in', verifier, issuer },
    link: linkDouble(),
    runtime: runtimeDouble(),
    hosts: hostsDouble(),
    tasks: tasksDouble(people.ada.id),
    queues: queuesDouble(),
    audit: { page: async () => ({ items: [] }), head: async () => 'a.b.c', keys: () => [] },
    limits: { failedSignInsPerMinute: 1_000 },
  });
  paths = (await test.call<{ readonly paths: Paths }>('GET', '/openapi.json')).body.paths;
});
afterAll(() => test.close());

it('has every operation of the OpenAPI document, and no other', () => {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(table.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(operations.sort());
});

it.each(table)('$method $path is for those alone who are to have it', async ({ method, path, statuses }) => {
  const got: Record<string, string> = {};
  for (const caller of callers) got[caller] = String((await call(method, path, caller)).status);
  expect(got).toEqual(Object.fromEntries(callers.map((caller, index) => [caller, statuses[index]])));
});

it.each(table)('the document says of $method $path who may use it', ({ method, path, statuses }) => {
  const operation = paths[path]?.[method.toLowerCase()];
  const roles = operation?.['x-starling-roles'] ?? [];
  const open = roles === 'anyone';
  expect(operation?.security).toEqual(open ? [] : [{ bearer: [] }]);
  const status = (caller: string) => statuses[callers.indexOf(caller)];
  expect(status('nobody') !== '401').toBe(open);
  // whoever gets through has a role that is named
  const named = (role: string) => open || roles.some((one) => one === role || one.startsWith(`${role} of `));
  const through = (caller: string) => status(caller)?.startsWith('2');
  if (through('ada')) expect(named('requester')).toBe(true);
  if (through('VU')) expect(named('steward')).toBe(true);
  if (through('operator')) expect(named('operator')).toBe(true);
});

function call(method: string, template: string, caller: string): Promise<Answer<JsonObject>> {
  const operation = paths[template]?.[method.toLowerCase()];
  const path = template
    .replace('{party}', 'VU')
    .replace('{steward}', 'vu')
    .replace('/parties/{id}', '/parties/VU')
    .replace('/users/{id}', method === 'DELETE' ? '/users/mallory?cause=over' : '/users/mallory')
    .replace('/tasks/{id}', '/tasks/t-1')
    .replace('{sequence}', '1')
    .replace(/(hosts\/{name}\/(registration|orders))$/, method === 'POST' ? '$1' : '$1?lease=l-1')
    .replace('{id}', template.includes('jobs') ? 'ada-00000001' : 'r-1')
    .replace('{name}', namesByPath[template.split('/')[3] ?? ''] ?? '');
  if (method === 'POST' && path.endsWith('/enrolments'))
    return test.call(method, path, { body: redemption, headers: as(caller) });
  const examples = Object.values(operation?.requestBody?.content['application/json']?.examples ?? {});
  const { user: _user, ...body } = (examples[0]?.value ?? {}) as { readonly user?: object };
  return test.call(method, path, {
    ...(examples.length === 0 ? {} : { body }),
    headers: caller === 'nobody' ? {} : as(caller),
  });
}

const namesByPath: Readonly<Record<string, string>> = {
  archetypes: 'computeToData',
  'data-sets': 'wageGap',
  'request-types': 'sqlDataRequest',
  services: 'photo-worker',
  hosts: 'h1',
  queues: 'tasks',
  steps: 'sql-query',
  requestTypes: 'sqlDataRequest',
  microservices: 'sql-query',
  policyEnforcer: 'VU',
};
