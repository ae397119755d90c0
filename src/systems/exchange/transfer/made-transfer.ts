import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Clock, systemClock } from '../../../kernel/clock/index.js';
import { Closers } from '../../../kernel/closers/index.js';
import { contentHash, type PublicKey, type SigningKey } from '../../../kernel/identity/index.js';
import { madeKey } from '../../../kernel/identity/made-key.js';
import { type Json, openLocalState } from '../../../kernel/state/index.js';
import { madeClaims } from '../agent/made-order.js';
import { decidedQuestion } from '../scenarios/decided-question.js';
import { PeerKeys } from './peer-keys.js';
import type { RowsOrder } from './receive/reception.js';
import { openRowsListener, type RowsListener } from './receive/rows-listener.js';
import type { SendRowsOptions } from './send/send-rows.js';
import type { TransferClaims } from './transfer-claims.js';

/** A key as an agent has it, with the changes that led to it. */
export type MadePartyKey = SigningKey & { readonly changes: readonly string[] };

/** A party of a test, with its keys and whom it knows. */
export interface MadeParty {
  readonly key: MadePartyKey;
  readonly peers: PeerKeys;
  /** What was entered in its audit log. */
  readonly entries: { readonly type: string; readonly data: Json }[];
}

/** A compute provider that listens, and two providers, each with state of its own; for tests. */
export interface MadeTransfer {
  readonly folder: string;
  readonly listener: RowsListener;
  readonly surf: MadeParty;
  readonly vu: MadeParty;
  readonly uva: MadeParty;
  /** What SURF is ordered to receive. */
  readonly order: RowsOrder;
  readonly claims: (provider: string, changes?: Partial<TransferClaims>) => TransferClaims;
  /** What a provider sends with. */
  readonly from: (
    provider: 'VU' | 'UVA',
    changes: Pick<SendRowsOptions, 'rows'> & Partial<SendRowsOptions>,
  ) => SendRowsOptions;
  close(): Promise<void>;
}

/** Opens it; the listener takes `quotaBytes` at a time. */
export async function madeTransfer(
  options: { readonly quotaBytes?: number; readonly clock?: Clock; readonly configured?: string } = {},
): Promise<MadeTransfer> {
  const { quotaBytes = 100_000_000, clock = systemClock, configured } = options;
  const folder = mkdtempSync(join(tmpdir(), 'starling-transfer-'));
  const logger = pino({ level: 'silent' });
  const closers = new Closers();
  closers.push(async () => rmSync(folder, { recursive: true, force: true }));
  const party = async (name: string): Promise<MadeParty> => {
    const state = closers.own(await openLocalState({ folder: join(folder, name), clock, logger }));
    const entries: MadeParty['entries'] = [];
    const append = async (type: string, data: Json) => {
      entries.push({ type, data });
      return { sequence: entries.length, at: '', type, data, previous: '', hash: '' };
    };
    const peers = new PeerKeys({ state, audit: { append }, clock, configured: () => configured });
    return { key: { ...madeKey(), changes: [] }, peers, entries };
  };
  const [surf, vu, uva] = await Promise.all([party('SURF'), party('VU'), party('UVA')]);
  const listener = closers.own(
    await openRowsListener({
      party: 'SURF',
      host: '127.0.0.1',
      port: 0,
      folder: join(folder, 'received'),
      quotaBytes,
      key: surf.key,
      peers: surf.peers,
      clock,
      logger,
    }),
  );
  const decided = decidedQuestion(
    {},
    {
      relation: {
        archetypes: ['dataThroughTtp'],
        output: { form: 'aggregates', rowsAtComputeProvider: true },
      },
    },
  );
  const keys: Readonly<Record<string, PublicKey>> = { VU: vu.key.publicKey, UVA: uva.key.publicKey };
  const peers = Object.entries(keys).map(([name, key]) => ({ party: name, keys: [key] }));
  const order: RowsOrder = madeClaims(decided, 'SURF', { peers });
  const now = () => Math.floor(clock.wallTime() / 1000);
  const claims: MadeTransfer['claims'] = (provider, changes = {}) => ({
    jti: `t-${provider}`,
    iss: provider,
    aud: 'SURF',
    iat: now(),
    exp: now() + 60,
    request: order.request,
    order: order.jti,
    sender: `${order.request}/${provider}/dataProvider`,
    question: contentHash(order.question),
    rule: { form: 'aggregates', minimumGroupSize: 10, extremes: false },
    ...changes,
  });
  return {
    folder,
    listener,
    surf,
    vu,
    uva,
    order,
    claims,
    from: (provider, changes) => ({
      target: { party: 'SURF', address: listener.address, keys: [surf.key.publicKey] },
      claims: claims(provider),
      key: provider === 'VU' ? vu.key : uva.key,
      peers: provider === 'VU' ? vu.peers : uva.peers,
      mostBytes: 1_000_000_000,
      vouched: Promise.resolve(),
      signal: new AbortController().signal,
      ...changes,
    }),
    close: closers.close,
  };
}
