import { fromJSON, type ServiceDefinition } from '@grpc/proto-loader';
import type {
  LeaseGrantResponse,
  LeaseKeepAliveResponse,
  LeaseLeasesResponse,
  LeaseTimeToLiveResponse,
  MemberListResponse,
  RangeRequest,
  RangeResponse,
  StatusResponse,
  TxnRequest,
  TxnResponse,
  WatchRequest,
  WatchResponse,
  WithHeader,
} from './messages.js';

/**
 * The part of etcd's gRPC API that is used: fields of `rpc.proto` and `kv.proto` (etcd-io/etcd, Apache License 2.0), with
 * their numbers, which are the same from 3.4 on. Names are in camel case; on the wire only numbers count.
 */
const messages: Readonly<Record<string, readonly string[]>> = {
  ResponseHeader: ['uint64 clusterId = 1', 'uint64 memberId = 2', 'int64 revision = 3'],
  KeyValue: [
    'bytes key = 1',
    'int64 createRevision = 2',
    'int64 modRevision = 3',
    'bytes value = 5',
    'int64 lease = 6',
  ],
  RangeRequest: [
    'bytes key = 1',
    'bytes rangeEnd = 2',
    'int64 limit = 3',
    'int64 revision = 4',
    'bool keysOnly = 8',
    'bool countOnly = 9',
  ],
  RangeResponse: [
    'ResponseHeader header = 1',
    'repeated KeyValue kvs = 2',
    'bool more = 3',
    'int64 count = 4',
  ],
  PutRequest: ['bytes key = 1', 'bytes value = 2', 'int64 lease = 3'],
  DeleteRangeRequest: ['bytes key = 1'],
  RequestOp: [
    'RangeRequest requestRange = 1',
    'PutRequest requestPut = 2',
    'DeleteRangeRequest requestDeleteRange = 3',
    'TxnRequest requestTxn = 4',
  ],
  ResponseOp: ['RangeResponse responseRange = 1', 'TxnResponse responseTxn = 4'],
  Compare: [
    'int32 result = 1',
    'int32 target = 2',
    'bytes key = 3',
    'int64 createRevision = 5',
    'int64 modRevision = 6',
  ],
  TxnRequest: [
    'repeated Compare compare = 1',
    'repeated RequestOp success = 2',
    'repeated RequestOp failure = 3',
  ],
  TxnResponse: ['ResponseHeader header = 1', 'bool succeeded = 2', 'repeated ResponseOp responses = 3'],
  CompactionRequest: ['int64 revision = 1'],
  HeaderResponse: ['ResponseHeader header = 1'],
  WatchCreateRequest: [
    'bytes key = 1',
    'bytes rangeEnd = 2',
    'int64 startRevision = 3',
    'bool progressNotify = 4',
    'bool fragment = 8',
  ],
  WatchRequest: ['WatchCreateRequest createRequest = 1'],
  Event: ['int32 type = 1', 'KeyValue kv = 2'],
  WatchResponse: [
    'ResponseHeader header = 1',
    'bool created = 3',
    'bool canceled = 4',
    'int64 compactRevision = 5',
    'string cancelReason = 6',
    'bool fragment = 7',
    'repeated Event events = 11',
  ],
  LeaseGrantRequest: ['int64 ttl = 1', 'int64 id = 2'],
  LeaseGrantResponse: ['ResponseHeader header = 1', 'int64 ttl = 3'],
  LeaseRequest: ['int64 id = 1'],
  LeaseKeepAliveResponse: ['ResponseHeader header = 1', 'int64 ttl = 3'],
  LeaseTimeToLiveResponse: ['ResponseHeader header = 1', 'int64 ttl = 3', 'int64 grantedTtl = 4'],
  LeaseStatus: ['int64 id = 1'],
  LeaseLeasesResponse: ['ResponseHeader header = 1', 'repeated LeaseStatus leases = 2'],
  Member: ['uint64 id = 1', 'string name = 2', 'repeated string clientUrls = 4'],
  MemberListResponse: ['ResponseHeader header = 1', 'repeated Member members = 2'],
  StatusResponse: [
    'ResponseHeader header = 1',
    'string version = 2',
    'int64 dbSize = 3',
    'uint64 leader = 4',
    'uint64 raftIndex = 5',
    'uint64 raftAppliedIndex = 7',
    'repeated string errors = 8',
  ],
  AuthenticateRequest: ['string name = 1', 'string password = 2'],
  AuthenticateResponse: ['ResponseHeader header = 1', 'string token = 2'],
  EmptyRequest: [],
};

/** `service method`: the types of its request and response. */
const methods = {
  range: ['KV', 'Range', 'RangeRequest', 'RangeResponse'],
  transaction: ['KV', 'Txn', 'TxnRequest', 'TxnResponse'],
  compact: ['KV', 'Compact', 'CompactionRequest', 'HeaderResponse'],
  watch: ['Watch', 'Watch', 'WatchRequest', 'WatchResponse'],
  grant: ['Lease', 'LeaseGrant', 'LeaseGrantRequest', 'LeaseGrantResponse'],
  revoke: ['Lease', 'LeaseRevoke', 'LeaseRequest', 'HeaderResponse'],
  keepAlive: ['Lease', 'LeaseKeepAlive', 'LeaseRequest', 'LeaseKeepAliveResponse'],
  timeToLive: ['Lease', 'LeaseTimeToLive', 'LeaseRequest', 'LeaseTimeToLiveResponse'],
  leases: ['Lease', 'LeaseLeases', 'EmptyRequest', 'LeaseLeasesResponse'],
  members: ['Cluster', 'MemberList', 'EmptyRequest', 'MemberListResponse'],
  status: ['Maintenance', 'Status', 'EmptyRequest', 'StatusResponse'],
  authenticate: ['Auth', 'Authenticate', 'AuthenticateRequest', 'AuthenticateResponse'],
} as const;

/** One method of the API: where it is called, and how what is said is written and read. */
export interface Method<Request, Response> {
  readonly path: string;
  readonly serialize: (request: Request) => Buffer;
  readonly deserialize: (bytes: Buffer) => Response;
}

const definition = load();

/** The methods that are called. */
export const api = {
  range: method<RangeRequest, RangeResponse>('range'),
  transaction: method<TxnRequest, TxnResponse>('transaction'),
  compact: method<{ readonly revision: number }, WithHeader>('compact'),
  watch: method<WatchRequest, WatchResponse>('watch'),
  grant: method<{ readonly ttl: number; readonly id: string }, LeaseGrantResponse>('grant'),
  revoke: method<{ readonly id: string }, WithHeader>('revoke'),
  keepAlive: method<{ readonly id: string }, LeaseKeepAliveResponse>('keepAlive'),
  timeToLive: method<{ readonly id: string }, LeaseTimeToLiveResponse>('timeToLive'),
  leases: method<object, LeaseLeasesResponse>('leases'),
  members: method<object, MemberListResponse>('members'),
  status: method<object, StatusResponse>('status'),
  authenticate: method<
    { readonly name: string; readonly password: string },
    WithHeader & { readonly token: string }
  >('authenticate'),
};

function load(): ReturnType<typeof fromJSON> {
  const nested: Record<string, object> = {};
  for (const [name, lines] of Object.entries(messages)) {
    nested[name] = { fields: Object.fromEntries(lines.map(fieldOf)) };
  }
  const services = new Map<string, Record<string, object>>();
  for (const [service, name, requestType, responseType] of Object.values(methods)) {
    services.set(service, { ...services.get(service), [name]: { requestType, responseType } });
  }
  for (const [name, called] of services) nested[name] = { methods: called };
  return fromJSON(
    { nested: { etcdserverpb: { nested } } },
    { keepCase: true, longs: String, defaults: true },
  );
}

/** A line such as `repeated KeyValue kvs = 2`, as protobufjs has it. */
function fieldOf(line: string): [string, object] {
  const [, rule, type, name = '', id] = /^(repeated )?(\w+) (\w+) = (\d+)$/.exec(line) ?? [];
  return [name, { type, id: Number(id), ...(rule === undefined ? {} : { rule: 'repeated' }) }];
}

function method<Request extends object, Response extends object>(
  name: keyof typeof methods,
): Method<Request, Response> {
  const [service, called] = methods[name];
  const found = (definition[`etcdserverpb.${service}`] as ServiceDefinition | undefined)?.[called];
  if (found === undefined) throw new Error(`The part of etcd's API that is used has no method ${called}.`);
  return {
    path: found.path,
    serialize: found.requestSerialize,
    deserialize: found.responseDeserialize as (bytes: Buffer) => Response,
  };
}
