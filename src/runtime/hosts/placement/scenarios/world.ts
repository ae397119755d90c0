import {
  type Assignment,
  type PlacedInstance,
  type Placement,
  type PresentHost,
  place,
  type WantedService,
} from '../place.js';

/** Hosts and services that do only what a test says, under the placement that is tested. */
export class World {
  services: readonly WantedService[] = [];
  hosts: readonly PresentHost[] = [];
  assignments: readonly Assignment[] = [];
  instances: readonly PlacedInstance[] = [];

  /** Places, and has hosts begin what is new to them. */
  settle(): Placement {
    const placement = place(this);
    this.assignments = placement.assignments;
    const there = this.instances.filter((one) => this.hosts.some(({ name }) => name === one.host));
    const begun = this.assignments.filter((one) => !there.some((other) => isSamePlace(one, other)));
    this.instances = [
      // a host replaces what is of another generation
      ...there.map((one) => {
        const assigned = this.assignments.find((other) => isSamePlace(one, other));
        return assigned === undefined || assigned.generation === one.generation
          ? one
          : { ...assigned, ready: false };
      }),
      ...begun.map((one) => ({ ...one, ready: false })),
    ];
    return placement;
  }

  /** Instances that are to run become ready, or are so no more. */
  becomeReady(isMeant: (one: PlacedInstance) => boolean, ready: boolean): void {
    this.instances = this.instances.map((one) =>
      isMeant(one) && this.isAssigned(one) ? { ...one, ready } : one,
    );
  }

  /** What is not wanted any more is gone. */
  end(): void {
    this.instances = this.instances.filter((one) => this.isAssigned(one));
  }

  isAssigned(one: Assignment): boolean {
    return this.assignments.some((other) => isSamePlace(one, other));
  }
}

function isSamePlace(one: Assignment, other: Assignment): boolean {
  return one.host === other.host && one.service === other.service && one.slot === other.slot;
}
