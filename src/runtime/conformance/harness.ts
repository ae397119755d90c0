import type { State } from '../../kernel/state/index.js';
import type { Runtime } from '../runtime.js';
import type { InstanceRecord, Service, ServiceInput } from '../service.js';

/** A runtime under test. */
export interface RunningRuntime {
  readonly runtime: Runtime;
  /** The state that it works over. */
  readonly state: State;
  /** Closes the runtime, with whatever runs its instances. Calling again waits for the same end. */
  close(): Promise<void>;
  /** Closes the runtime, if it is open still, and its state, and removes what they left. */
  dispose(): Promise<void>;
}

/** What a program does that an adapter is asked to run. */
export type Behaviour =
  /** Says `hello` and then `ready`, waits, and ends with status 0 when it is asked to. */
  | 'serves'
  /** Says `ready`, and does not end when it is asked to. */
  | 'hangs'
  /** Says `listening` once it listens at `STARLING_PORT`, where it answers `/well` with 204 and anything else with 503. */
  | 'answers'
  /** Writes `no luck` to its standard error, and ends with status 3. */
  | 'fails';

/** What an adapter must bring to be tested. */
export interface RuntimeHarness {
  /** Opens and starts a runtime over a new, empty state. */
  open(): Promise<RunningRuntime>;
  /** A command that behaves so. */
  command(behaviour: Behaviour): readonly string[];
  /** Ends the process of an instance from outside, as `kill -9` does. */
  murder(instance: InstanceRecord): void;
  /** Moves the runtime's time on. */
  advance(ms: number): void;
}

/** Runs a test on a fresh runtime and disposes of it. */
export function withRuntime(
  harness: RuntimeHarness,
  test: (running: RunningRuntime) => Promise<unknown>,
): () => Promise<void> {
  return async () => {
    const running = await harness.open();
    try {
      await test(running);
    } finally {
      await running.dispose();
    }
  };
}

/** A service that says when it is ready. */
export function serviceOf(
  harness: RuntimeHarness,
  behaviour: Behaviour,
  more: Partial<ServiceInput> = {},
): ServiceInput {
  return { name: 'worker', command: [...harness.command(behaviour)], readiness: 'line', ...more };
}

/** Waits until the service is as it is to be; it waits for changes, not for time. */
export async function until(
  runtime: Runtime,
  name: string,
  holds: (service: Service) => boolean,
): Promise<Service> {
  const enough = new AbortController();
  for await (const service of runtime.watch(name, enough.signal)) {
    if (!holds(service)) continue;
    enough.abort();
    return service;
  }
  throw new Error(`the service ${name} is gone`);
}

/** Waits until exactly so many instances are there, all of them ready. */
export function untilReady(runtime: Runtime, name: string, count: number): Promise<Service> {
  return until(
    runtime,
    name,
    ({ instances }) => instances.length === count && instances.every(({ state }) => state === 'ready'),
  );
}

/** Waits until instances of the service have written so many lines in all. */
export async function untilHeard(runtime: Runtime, name: string, count: number): Promise<void> {
  const enough = new AbortController();
  let heard = 0;
  for await (const _line of await runtime.logs(name, { follow: true, signal: enough.signal })) {
    heard += 1;
    if (heard === count) enough.abort();
  }
}
