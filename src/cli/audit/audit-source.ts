import { join } from 'node:path';
import {
  type AuditEntry,
  readAuditEntries,
  readAuditPage,
  readReceivedHeads,
  signAuditHead,
} from '../../kernel/audit/index.js';
import { systemClock } from '../../kernel/clock/index.js';
import { everyKey, openRotatingKey, type PublicKey } from '../../kernel/identity/index.js';
import type { StateReader } from '../../kernel/state/index.js';
import type { AgentAudit } from '../../systems/exchange/agent/agent.js';
import { readPinnedKeys } from '../../systems/exchange/link/index.js';
import { gatewayOwner } from '../../systems/exchange/order/index.js';
import { ownedFolder } from '../actions/data-folder.js';
import { type ApiClient, apiPath } from '../client/api-client.js';
import { openFolderReader } from '../engines/index.js';
import { readEnrolment } from '../serve/enrolment-file.js';
import type { AuditLine } from './audit-file.js';

/** A page of a log, as it is shown. */
export interface ShownPage {
  readonly owner: string;
  readonly items: readonly AuditEntry[];
  readonly next?: number;
}

/** Somebody's audit log. */
export interface AuditSource {
  page(options: { readonly limit: number; readonly after: number }): Promise<ShownPage>;
  /** The whole log as lines to export. */
  lines(): AsyncIterable<AuditLine>;
  close(): Promise<void>;
}

const pageSize = 200;

/** The log in the folder of a gateway or an agent, whether it runs or not. Throws `input-invalid` where it is none. */
export async function folderSource(data: string): Promise<AuditSource> {
  const { folder, record } = await ownedFolder(data);
  const owner = record.kind === 'agent' ? String(record.party) : gatewayOwner;
  const { state, close } = await openFolderReader(folder);
  return {
    page: async (options) => ({ owner, ...(await readAuditPage(state, options)) }),
    async *lines() {
      const key = await openRotatingKey(
        join(folder, 'keys', record.kind === 'agent' ? 'party.key' : 'gateway.key'),
      );
      const keys = [key.publicKey, ...key.earlier];
      yield { type: 'log', format: 'starling-audit-1', owner, keys };
      let last: unknown;
      for await (const entry of readAuditEntries(state)) {
        last = entry;
        yield { type: 'entry', entry };
      }
      const end = endOf(last);
      if (end !== undefined) {
        const at = new Date(systemClock.wallTime()).toISOString();
        yield { type: 'head', head: await signAuditHead({ owner, ...end, at }, key) };
      }
      const known = await counterparties(folder, record.kind, state);
      for (const received of await readReceivedHeads(state)) {
        yield { type: 'received', ...received, keys: [...(known(received.owner) ?? [])] };
      }
    },
    close,
  };
}

/** The log of a party, or without one the gateway's own, as the gateway hands it on. */
export function gatewaySource(client: ApiClient, party: string | undefined): AuditSource {
  const path = party === undefined ? '/audit' : `${apiPath('parties', party)}/audit`;
  const owner = party ?? gatewayOwner;
  const read = (limit: number, after: number) =>
    client.json<AgentAudit>(path, { query: { limit, after: after === 0 ? undefined : after } });
  return {
    page: async ({ limit, after }) => {
      const { items, next } = await read(limit, after);
      return { owner, items, ...(next === undefined ? {} : { next }) };
    },
    async *lines() {
      let page = await read(pageSize, 0);
      yield { type: 'log', format: 'starling-audit-1', owner, keys: [...page.keys] };
      for (;;) {
        for (const entry of page.items) yield { type: 'entry', entry };
        if (page.next === undefined) break;
        page = await read(pageSize, page.next);
      }
      yield { type: 'head', head: page.head };
    },
    close: async () => undefined,
  };
}

/** The keys that the owner of a folder has pinned, by whose they are. */
async function counterparties(
  folder: string,
  kind: 'gateway' | 'agent',
  state: StateReader,
): Promise<(owner: string) => readonly PublicKey[] | undefined> {
  if (kind === 'agent') {
    const keys = everyKey((await readEnrolment(folder)).gatewayKeys);
    return () => keys;
  }
  const pinned = await readPinnedKeys(state);
  return (owner) => {
    const keys = pinned.get(owner);
    return keys === undefined ? undefined : everyKey(keys);
  };
}

function endOf(entry: unknown): { sequence: number; hash: string } | undefined {
  if (typeof entry !== 'object' || entry === null || !('sequence' in entry) || !('hash' in entry))
    return undefined;
  const { sequence, hash } = entry;
  return typeof sequence === 'number' && typeof hash === 'string' ? { sequence, hash } : undefined;
}
