/**
 * The messages of etcd's API that are used here, as `protocol.ts` decodes them. 64-bit integers are decimal strings
 * in what comes from the server; both forms may be sent.
 */

export interface ResponseHeader {
  readonly clusterId: string;
  readonly memberId: string;
  readonly revision: string;
}

/** An answer with the revision that it was given at. */
export interface WithHeader {
  readonly header: ResponseHeader | null;
}

export interface KeyValue {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly createRevision: string;
  readonly modRevision: string;
  /** `0`: none. */
  readonly lease: string;
}

export interface RangeRequest {
  readonly key: Buffer;
  /** The key behind the last; without it, only `key`. */
  readonly rangeEnd?: Buffer;
  readonly limit?: number;
  /** 0 or absent: the newest. */
  readonly revision?: number;
  readonly keysOnly?: boolean;
  readonly countOnly?: boolean;
}

export interface RangeResponse extends WithHeader {
  readonly kvs: readonly KeyValue[];
  readonly more: boolean;
  readonly count: string;
}

export interface PutRequest {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly lease?: string;
}

export type RequestOp =
  | { readonly requestRange: RangeRequest }
  | { readonly requestPut: PutRequest }
  | { readonly requestDeleteRange: { readonly key: Buffer } }
  | { readonly requestTxn: TxnRequest };

export interface ResponseOp {
  readonly responseRange: RangeResponse | null;
  readonly responseTxn: TxnResponse | null;
}

/** Of `Compare.CompareResult` and `Compare.CompareTarget`. */
export const comparing = { equal: 0, greater: 1, created: 1, modified: 2 } as const;

export interface Compare {
  readonly key: Buffer;
  readonly result: number;
  readonly target: number;
  readonly createRevision?: number;
  readonly modRevision?: number;
}

export interface TxnRequest {
  readonly compare: readonly Compare[];
  readonly success: readonly RequestOp[];
  readonly failure: readonly RequestOp[];
}

export interface TxnResponse extends WithHeader {
  readonly succeeded: boolean;
  readonly responses: readonly ResponseOp[];
}

export interface WatchRequest {
  readonly createRequest: {
    readonly key: Buffer;
    readonly rangeEnd: Buffer;
    readonly startRevision: number;
    readonly progressNotify: boolean;
    readonly fragment: boolean;
  };
}

/** Of `Event.EventType`. */
export const deleted = 1;

export interface WatchResponse extends WithHeader {
  readonly created: boolean;
  readonly canceled: boolean;
  readonly compactRevision: string;
  readonly cancelReason: string;
  /** More of the same response follows. */
  readonly fragment: boolean;
  readonly events: readonly { readonly type: number; readonly kv: KeyValue }[];
}

export interface LeaseGrantResponse extends WithHeader {
  readonly ttl: string;
}

/** `ttl` 0: there is no such lease. */
export interface LeaseKeepAliveResponse extends WithHeader {
  readonly ttl: string;
}

/** `ttl` -1: there is no such lease. */
export interface LeaseTimeToLiveResponse extends WithHeader {
  readonly ttl: string;
  readonly grantedTtl: string;
}

export interface LeaseLeasesResponse extends WithHeader {
  readonly leases: readonly { readonly id: string }[];
}

export interface MemberListResponse extends WithHeader {
  readonly members: readonly {
    readonly id: string;
    readonly name: string;
    readonly clientUrls: readonly string[];
  }[];
}

export interface StatusResponse extends WithHeader {
  readonly version: string;
  /** Bytes. */
  readonly dbSize: string;
  /** Member id; `0`: none. */
  readonly leader: string;
  readonly raftIndex: string;
  readonly raftAppliedIndex: string;
  /** Alarms, in words. */
  readonly errors: readonly string[];
}
