import { z } from 'zod';
import type { ControlInput, ControlOperations } from '../../gateway/control/index.js';
import type { AuditLog } from '../../kernel/audit/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import { canonicalJson, type RotatingKey } from '../../kernel/identity/index.js';
import { createTurns } from '../../kernel/turns/index.js';
import type { AgreementBook } from '../../systems/exchange/agent/index.js';
import type { ConnectionStatus } from '../../systems/exchange/link/index.js';
import type { Agreement } from '../../systems/exchange/model/index.js';

/** What an agreement would change, by the agent's own rules: it knows neither jobs nor who is allowed to ask elsewhere. */
export interface OwnDryRun {
  readonly party: string;
  /** The version in force; 0 where there was never one. */
  readonly version: number;
  /** Names of relations. */
  readonly relations: {
    readonly added: readonly string[];
    readonly changed: readonly string[];
    readonly removed: readonly string[];
    readonly kept: readonly string[];
  };
}

const ifVersion = z.coerce.number().int().min(0).optional();

/** How a gateway or an agent stands, as its folder and its process tell. */
export interface DeskStatus {
  /** A party's id, or a gateway's name. */
  readonly owner: string;
  /** Thumbprint of the key that it signs with. */
  readonly key: string;
  /** Absent where no process has the folder. */
  readonly pid?: number;
  /** Of an agent that had one: the agreement in force. */
  readonly agreement?: { readonly version: number; readonly signedAt: string; readonly isRemoved: boolean };
  /** Of an agent that runs: where it dials to, and how that stands. */
  readonly gateway?: string;
  readonly connection?: ConnectionStatus;
  /** Each gateway that it dials, where there are several. */
  readonly gateways?: readonly (ConnectionStatus & { readonly url: string })[];
  readonly dataSets?: readonly { readonly name: string; readonly state: string }[];
  /** Of a gateway that runs. */
  readonly url?: string;
  readonly parties?: readonly { readonly party: string; readonly online: boolean }[];
}

/** How it stands; `more` is what a process knows besides the folder. */
export function statusOperations(
  key: RotatingKey,
  audit: AuditLog,
  book: AgreementBook | undefined,
  more: () => Partial<DeskStatus>,
): ControlOperations {
  return {
    'GET /status': async () => {
      const current = book?.current();
      const agreement =
        current === undefined
          ? {}
          : {
              agreement: {
                version: current.version,
                signedAt: current.signedAt,
                isRemoved: current.agreement === null,
              },
            };
      return { owner: audit.owner, key: key.publicKey.kid, ...agreement, ...more() } satisfies DeskStatus;
    },
  };
}

/** Reading and changing the agreement in a book, for whoever may write to its folder. */
export function agreementOperations(book: AgreementBook, party: string): ControlOperations {
  const versionIn = ({ query }: ControlInput) => ifVersion.parse(query.get('ifVersion') ?? undefined);
  const change = (agreement: Agreement | null, input: ControlInput) =>
    book.change({ agreement, ifVersion: versionIn(input), changedBy: party });
  return {
    'GET /agreement': async () => {
      const current = book.current();
      if (current !== undefined) return current;
      throw new StarlingError('not-found', `${party} never had an agreement. Put one.`);
    },
    'PUT /agreement': async (input) => change(book.check(input.body), input),
    'DELETE /agreement': (input) => change(null, input),
    'POST /agreement/dry-run': async ({ body }) => {
      const current = book.current();
      const relations = compared(current?.agreement ?? undefined, book.check(body));
      return { party, version: current?.version ?? 0, relations } satisfies OwnDryRun;
    },
  };
}

/** A key that took the place of another, by their thumbprints. */
export interface KeyChange {
  readonly from: string;
  readonly to: string;
}

/** Rotates a key that the process holds. */
export async function rotated(key: RotatingKey, clock: Clock): Promise<KeyChange> {
  const { from, to } = await key.rotate(clock);
  return { from: from.kid, to: to.kid };
}

/** Rotating the key that a gateway or an agent signs with. */
export function keyOperations(key: RotatingKey, audit: AuditLog, clock: Clock): ControlOperations {
  return { 'POST /keys/rotate': recorded(() => rotated(key, clock), audit, 'key-changed') };
}

/** Rotating the key of a gateway's own issuer of tokens, as `rotate` does. */
export function issuerOperations(rotate: () => Promise<KeyChange>, audit: AuditLog): ControlOperations {
  return { 'POST /keys/rotate-issuer': recorded(rotate, audit, 'issuer-key-changed') };
}

/** One rotation follows the other. */
function recorded(rotate: () => Promise<KeyChange>, audit: AuditLog, type: string) {
  const inTurn = createTurns(1);
  return () =>
    inTurn(async () => {
      const change = await rotate();
      await audit.append(type, { ...change });
      return change;
    });
}

function compared(before: Agreement | undefined, after: Agreement): OwnDryRun['relations'] {
  const old = before?.relations ?? {};
  const isSame = (name: string) => canonicalJson(old[name]) === canonicalJson(after.relations[name]);
  const names = Object.keys(after.relations);
  const known = names.filter((name) => Object.hasOwn(old, name));
  return {
    added: names.filter((name) => !Object.hasOwn(old, name)),
    changed: known.filter((name) => !isSame(name)),
    removed: Object.keys(old).filter((name) => !Object.hasOwn(after.relations, name)),
    kept: known.filter(isSame),
  };
}
