import type { Composition } from '../compose/index.js';
import type { Job } from '../job/index.js';
import type {
  Catalogue,
  CatalogueEntry,
  CatalogueKind,
  CatalogueValues,
  NormalRequest,
} from '../model/index.js';
import type { OrderClaims } from '../order/index.js';
import { consortium, toCatalogue } from './consortium.js';

type Changeable = { -readonly [Kind in CatalogueKind]: Map<string, CatalogueEntry<CatalogueValues[Kind]>> };

/** A question that runs. */
export interface Running {
  readonly request: NormalRequest;
  readonly composition: Composition;
}

/** An order, and the gateway whose key signed it. */
export interface SignedBy {
  readonly claims: OrderClaims;
  readonly signer: string;
}

/** What the commands of a scenario act on: the consortium without agreements, everybody online. */
export class World {
  readonly jobs = new Map<string, Job>();
  /** By job and question, with a space between. */
  readonly running = new Map<string, Running>();
  /** Milliseconds since 1970. */
  now = Date.UTC(2026, 2, 2, 9);
  readonly online: Record<string, boolean> = { VU: true, UVA: true, RUG: true, SURF: true };
  /** Causes, by user. */
  readonly removedUsers = new Map<string, string>();
  /** The gateways whose orders a party takes, by party. Gateways stand here for their keys. */
  readonly gateways = new Map<string, string[]>();
  readonly orders = new Map<string, SignedBy>();
  /** Party and order, with a space between, of each that was taken. */
  readonly taken = new Set<string>();
  readonly #catalogue: Changeable;
  #counter = 0;

  constructor() {
    const start = toCatalogue(consortium());
    this.#catalogue = {
      parties: new Map(start.parties),
      dataSets: new Map(start.dataSets),
      agreements: new Map(start.agreements),
      archetypes: new Map(start.archetypes),
      steps: new Map(start.steps),
      requestTypes: new Map(start.requestTypes),
    };
  }

  get catalogue(): Catalogue {
    return { ...this.#catalogue, removedUsers: this.removedUsers };
  }

  /** Sets one object; its revision counts its own changes. */
  put<Kind extends CatalogueKind>(kind: Kind, name: string, value: CatalogueValues[Kind]): number {
    const objects: Map<string, CatalogueEntry<CatalogueValues[Kind]>> = this.#catalogue[kind];
    const revision = (objects.get(name)?.revision ?? 0) + 1;
    objects.set(name, { value, revision, source: 'api', changedAt: new Date(this.now).toISOString() });
    return revision;
  }

  remove(kind: CatalogueKind, name: string): boolean {
    return this.#catalogue[kind].delete(name);
  }

  /** Eight hex digits that count up, so that logs are equal on every run. */
  nextRandom(): string {
    this.#counter += 1;
    return this.#counter.toString(16).padStart(8, '0');
  }
}
