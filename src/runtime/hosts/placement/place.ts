/** How many instances of a service are wanted, and of which generation. */
export interface WantedService {
  readonly name: string;
  readonly desired: number;
  readonly generation: number;
}

/** A host that is there. */
export interface PresentHost {
  readonly name: string;
  /** How many instances it has places for. */
  readonly capacity: number;
  /** Whether it takes what is new, and keeps what it has: `drained` gives away one after the other, `leaving` all at once. */
  readonly standing: 'open' | 'drained' | 'leaving';
}

/** That a host is to keep an instance in a slot of a service. */
export interface Assignment {
  readonly host: string;
  readonly service: string;
  readonly slot: number;
  readonly generation: number;
}

/** An instance that a host tells of, and that has not ended. */
export interface PlacedInstance extends Assignment {
  readonly ready: boolean;
}

/** All that placement goes by. */
export interface Situation {
  readonly services: readonly WantedService[];
  readonly hosts: readonly PresentHost[];
  readonly assignments: readonly Assignment[];
  readonly instances: readonly PlacedInstance[];
}

/** A slot that no host has a place for. */
export interface Unplaced {
  readonly service: string;
  readonly slot: number;
  readonly because: string;
}

/** What is to be assigned from now on. Sorted by service, slot and host. */
export interface Placement {
  readonly assignments: readonly Assignment[];
  readonly unplaced: readonly Unplaced[];
}

/**
 * Decides which host keeps which instance. What is placed stays where it is as long as its host is open; a slot without a host goes
 * to the one that has the fewest of its service, then the most free places, then the first name. A drained host gives away one
 * slot at a time, which ends there once it is ready elsewhere. What was not wanted any more and is again waits until it has ended. Of a new generation one instance that serves is replaced at a
 * time, and what does not serve at once. The same situation always has the same placement.
 */
export function place(situation: Situation): Placement {
  const plan = new Plan(situation);
  const unplaced = slotsOf(situation.services).flatMap((slot) => plan.placeHomeless(slot) ?? []);
  plan.moveFromDrained();
  plan.renew();
  return { assignments: plan.assignments(), unplaced };
}

interface Slot {
  readonly service: string;
  readonly slot: number;
  /** The newest of its service. */
  readonly generation: number;
}

function slotsOf(services: readonly WantedService[]): Slot[] {
  return [...services]
    .sort((one, other) => compare(one.name, other.name))
    .flatMap(({ name, desired, generation }) =>
      Array.from({ length: desired }, (_, slot) => ({ service: name, slot, generation })),
    );
}

class Plan {
  readonly #situation: Situation;
  readonly #hosts: ReadonlyMap<string, PresentHost>;
  readonly #ready: ReadonlySet<string>;
  /** Assignments by slot. */
  readonly #holders = new Map<string, readonly Assignment[]>();
  /** By host, the slots that take its places: of what it is to keep, and of what has not ended there yet. */
  readonly #taken = new Map<string, Set<string>>();
  /** By host and service, how many it is to keep. */
  readonly #same = new Map<string, number>();

  constructor(situation: Situation) {
    this.#situation = situation;
    this.#hosts = new Map(situation.hosts.map((host) => [host.name, host]));
    this.#ready = new Set(situation.instances.filter(({ ready }) => ready).map(copyKey));
    for (const { name } of situation.hosts) this.#taken.set(name, new Set());
    for (const one of situation.instances) this.#taken.get(one.host)?.add(slotKey(one));
    const wanted = new Map(situation.services.map(({ name, desired }) => [name, desired]));
    const kept = situation.assignments.filter(
      ({ service, slot, host }) =>
        slot < (wanted.get(service) ?? 0) && (this.#hosts.get(host)?.standing ?? 'leaving') !== 'leaving',
    );
    const copies = new Map<string, Assignment[]>();
    for (const one of kept) copies.set(slotKey(one), [...(copies.get(slotKey(one)) ?? []), one]);
    for (const one of kept) if (!this.#isSuperfluous(one, copies.get(slotKey(one)) ?? [])) this.#assign(one);
  }

  assignments(): readonly Assignment[] {
    return [...this.#holders.values()]
      .flat()
      .sort(
        (one, other) =>
          compare(one.service, other.service) || one.slot - other.slot || compare(one.host, other.host),
      );
  }

  /** Gives a slot that no host keeps to one, or says why there is none. */
  placeHomeless(slot: Slot): Unplaced | undefined {
    if (this.#holdersOf(slot).length > 0) return undefined;
    if (this.#isEnding(slot)) return { service: slot.service, slot: slot.slot, because: earlierFirst };
    const host = this.#choose(slot);
    if (host === undefined) return { service: slot.service, slot: slot.slot, because: this.#whyNone() };
    this.#assign({ ...slot, host });
    return undefined;
  }

  /** Has one slot of each drained host begun elsewhere, where none of it is on its way already. */
  moveFromDrained(): void {
    const slots = new Map(slotsOf(this.#situation.services).map((slot) => [slotKey(slot), slot]));
    for (const { name, standing } of [...this.#situation.hosts].sort(byName)) {
      if (standing !== 'drained') continue;
      const held = this.assignments().filter(({ host }) => host === name);
      if (held.some((one) => this.#holdersOf(one).some((other) => this.#isOpen(other)))) continue;
      for (const one of held) {
        const slot = slots.get(slotKey(one));
        const host = slot === undefined ? undefined : this.#choose(slot);
        if (slot === undefined || host === undefined) continue;
        this.#assign({ ...slot, host });
        break;
      }
    }
  }

  /** Takes instances on to the newest generation. */
  renew(): void {
    const assignments = this.assignments();
    for (const { name, generation } of this.#situation.services) {
      const all = assignments.filter(({ service }) => service === name);
      const outdated = all.filter((one) => one.generation !== generation);
      const serving = outdated.filter((one) => this.#isReady(one));
      const next = all.every((one) => this.#isReady(one)) ? serving.slice(0, 1) : [];
      for (const one of outdated) {
        if (serving.includes(one) && !next.includes(one)) continue;
        const others = this.#holdersOf(one).filter((other) => other !== one);
        this.#holders.set(slotKey(one), [...others, { ...one, generation }]);
      }
    }
  }

  /** Whether one of several that keep a slot is to let go of it. */
  #isSuperfluous(one: Assignment, copies: readonly Assignment[]): boolean {
    const [first] = copies
      .filter((copy) => this.#isOpen(copy))
      .sort((a, b) => Number(this.#isReady(b)) - Number(this.#isReady(a)) || compare(a.host, b.host));
    if (first === undefined || first === one) return false;
    // several on open hosts come about by two that place at once; one on a drained host goes on until the other is ready
    return this.#isOpen(one) || this.#isReady(first);
  }

  /** Whether an earlier instance of a slot that nobody is to keep is there still: of a singleton there are never two. */
  #isEnding(slot: Slot): boolean {
    return this.#situation.hosts.some(
      ({ name, standing }) => standing !== 'leaving' && this.#takenAt(name).has(slotKey(slot)),
    );
  }

  #isOpen({ host }: Assignment): boolean {
    return this.#hosts.get(host)?.standing === 'open';
  }

  #isReady(one: Assignment): boolean {
    return this.#ready.has(copyKey(one));
  }

  #holdersOf(slot: { readonly service: string; readonly slot: number }): readonly Assignment[] {
    return this.#holders.get(slotKey(slot)) ?? [];
  }

  #assign({ host, service, slot, generation }: Assignment): void {
    const one = { host, service, slot, generation };
    this.#holders.set(slotKey(one), [...this.#holdersOf(one), one]);
    this.#taken.get(host)?.add(slotKey(one));
    const same = `${host}/${service}`;
    this.#same.set(same, (this.#same.get(same) ?? 0) + 1);
  }

  /** The open host with a free place that is best for the slot. */
  #choose(slot: Slot): string | undefined {
    const [best] = this.#situation.hosts
      .filter(({ standing }) => standing === 'open')
      .map(({ name, capacity }) => ({
        name,
        free: capacity - this.#takenAt(name).size,
        same: this.#same.get(`${name}/${slot.service}`) ?? 0,
      }))
      // what ends there in the same slot has to be gone before it can begin again
      .filter(({ name, free }) => free > 0 && !this.#takenAt(name).has(slotKey(slot)))
      .sort((a, b) => a.same - b.same || b.free - a.free || byName(a, b));
    return best?.name;
  }

  #takenAt(host: string): ReadonlySet<string> {
    return this.#taken.get(host) ?? new Set();
  }

  #whyNone(): string {
    const { hosts } = this.#situation;
    if (hosts.length === 0) return 'no host is there';
    const open = hosts.filter(({ standing }) => standing === 'open');
    if (open.length === 0) return 'every host is drained or leaves';
    const places = open.reduce((sum, { capacity }) => sum + capacity, 0);
    const isFull = open.every(({ name, capacity }) => this.#takenAt(name).size >= capacity);
    return isFull ? `every open host is full; together they have ${places} places` : earlierFirst;
  }
}

const earlierFirst = 'the earlier one has to be gone first';

const slotKey = ({ service, slot }: { readonly service: string; readonly slot: number }) =>
  `${service}/${slot}`;

/** One that is ready counts for an assignment only in its generation. */
const copyKey = ({ host, service, slot, generation }: Assignment) =>
  `${host}/${service}/${slot}/${generation}`;

const byName = (one: { readonly name: string }, other: { readonly name: string }) =>
  compare(one.name, other.name);

/** As code units order them, the same on every machine. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
