import { validateBackoff } from '../../../kernel/control/index.js';
import { type Action, type Actual, afterEnd, type Decision, decide, type Goal } from '../decide.js';

/** An instance of a world, with what the world needs to end it. */
type Simulated = Actual & { readonly failures: number; readonly readyAt?: number };

/** What is wanted, as a file says it: so many instances, of that generation. */
export interface Wish extends Omit<Goal, 'slots' | 'unwanted'> {
  readonly desired: number;
  readonly generation: number;
}

/** One service whose instances do only what a test says, under the decisions that are tested. */
export class World {
  goal: Wish = { desired: 0, generation: 1, graceMs: 30_000, startMs: 30_000 };
  now = 0;
  instances: readonly Simulated[] = [];
  #count = 0;
  readonly #policy = {
    backoff: validateBackoff({ initialMs: 500, maxMs: 60_000, jitter: 'none' }),
    stableMs: 60_000,
  };

  /** Decides and does it, until there is nothing more to do; gives what was done. */
  settle(): readonly Action[] {
    const done: Action[] = [];
    for (;;) {
      const { actions } = this.#decide();
      if (actions.length === 0) return done;
      for (const action of actions) this.#do(action);
      done.push(...actions);
    }
  }

  /** When something is to be looked at though nothing happens. */
  get lookAgainAt(): number | undefined {
    return this.#decide().lookAgainAt;
  }

  /** The instance in a slot. */
  in(slot: number): Simulated | undefined {
    return this.instances.find((one) => one.slot === slot);
  }

  /** The instance says that it is ready, where it may. */
  ready(id: string): void {
    const { now } = this;
    this.#change(id, (one) =>
      one.state === 'starting' ? { ...one, state: 'ready', since: now, aliveAt: now, readyAt: now } : one,
    );
  }

  /** The instance shows that it is alive. */
  alive(id: string): void {
    this.#change(id, (one) => ({ ...one, aliveAt: this.now }));
  }

  /** The process of the instance is gone. */
  end(id: string): void {
    this.#change(id, (one) => {
      const drained = one.state === 'draining';
      const after = afterEnd({ ...one, drained }, this.#policy, this.now, 0);
      return { ...one, ...after, state: 'ended', since: this.now };
    });
  }

  #decide(): Decision {
    const { desired, generation, ...times } = this.goal;
    const slots = new Map(Array.from({ length: desired }, (_, slot) => [slot, generation]));
    const unwanted = desired === 0 ? 'none is wanted any more' : `scaled to ${desired}`;
    return decide({ ...times, slots, unwanted }, this.instances, this.now);
  }

  #do(action: Action): void {
    const { now } = this;
    if (action.do === 'start') {
      const earlier = this.in(action.slot);
      const failures = earlier?.generation === this.goal.generation ? earlier.failures : 0;
      this.#count += 1;
      const started: Simulated = {
        id: `i${this.#count}`,
        slot: action.slot,
        generation: this.goal.generation,
        state: 'starting',
        since: now,
        aliveAt: now,
        killed: false,
        retryAt: 0,
        failures,
      };
      this.instances = [...this.instances.filter(({ slot }) => slot !== action.slot), started];
    } else if (action.do === 'forget') {
      this.instances = this.instances.filter(({ id }) => id !== action.id);
    } else if (action.do === 'drain') {
      this.#change(action.id, (one) => ({ ...one, state: 'draining', since: now }));
    } else {
      this.#change(action.id, (one) => ({ ...one, killed: true }));
    }
  }

  #change(id: string, change: (one: Simulated) => Simulated): void {
    this.instances = this.instances.map((one) => (one.id === id ? change(one) : one));
  }
}
