import type { Caps } from '../../kernel/caps/index.js';
import type { ServiceLog } from '../logs/service-log.js';
import type { InstanceRecord, InstanceState, ProbeDeclaration, ServiceDeclaration } from '../service.js';
import { Child } from './child.js';
import { type Actual, type AfterEnd, afterEnd } from './decide.js';
import { HttpProbe } from './http-probe.js';
import { type InstanceHome, openInstanceHome } from './instance-home.js';
import { processFacts } from './process-start.js';
import type { InstanceSurroundings } from './surroundings.js';

/** What one instance is. */
export interface InstanceOptions {
  readonly surroundings: InstanceSurroundings;
  readonly declaration: ServiceDeclaration;
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly id: string;
  readonly slot: number;
  readonly generation: number;
  /** Ends in a row, and starts, that its slot had before it. */
  readonly failures: number;
  readonly restarts: number;
  readonly log: ServiceLog;
  /** Told of each change of its state. */
  readonly onChange: () => void;
}

/** One instance, from before its process is started until it is gone. */
export class Instance {
  readonly id: string;
  readonly slot: number;
  readonly restarts: number;
  readonly generation: number;
  /** Resolves when its process is gone and nothing is left of it. */
  readonly ended: Promise<void>;
  readonly #options: InstanceOptions;
  readonly #startedAt: string;
  #finish: () => void = () => undefined;
  #child: Child | undefined;
  #processStart: string | undefined;
  #port: number | undefined;
  #probe: HttpProbe | undefined;
  #state: InstanceState = 'starting';
  #since: number;
  #aliveAt: number;
  #ready: { readonly at: number; readonly time: string } | undefined;
  #cause: string | undefined;
  #killed = false;
  #drained = false;
  #end: (AfterEnd & { readonly endedAt: string; readonly retryAtTime: string }) | undefined;

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.id = options.id;
    this.slot = options.slot;
    this.restarts = options.restarts;
    this.generation = options.generation;
    this.#since = options.surroundings.clock.now();
    this.#aliveAt = this.#since;
    this.#startedAt = this.#time();
    this.ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** How long it may take to end. */
  get graceMs(): number {
    return this.#options.declaration.graceSeconds * 1000;
  }

  get live(): boolean {
    return this.#state !== 'ended';
  }

  /** Ends in a row of its slot, with its own. */
  get failures(): number {
    return this.#end?.failures ?? this.#options.failures;
  }

  /** Starts its process. What cannot be started has ended, with the reason. */
  async start(): Promise<void> {
    const { surroundings, declaration, command, id, log } = this.#options;
    const { clock, support } = surroundings;
    let home: InstanceHome;
    try {
      home = await openInstanceHome(surroundings, declaration, id);
    } catch (thrown) {
      this.#over(`cannot be started: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      return;
    }
    const { folder, environment } = home;
    this.#port = home.port;
    const onLines = (stream: 'stdout' | 'stderr', lines: readonly string[]) => this.#take(stream, lines, log);
    const caps = capsOf(declaration);
    const child = new Child({ command, folder, environment, caps, support, clock, onLines });
    this.#child = child;
    void child.ended.then(async (how) => {
      await home.close();
      this.#over(how);
    });
    // told to end while it was begun
    if (this.#killed) child.kill();
    else if (this.#drained) child.terminate();
    if (child.pid === undefined) return;
    this.#processStart = (await processFacts(child.pid))?.start;
    const { readiness } = declaration;
    if (readiness === 'started') this.#becomeReady();
    else if (readiness !== 'line') this.#ask(readiness, () => this.#becomeReady());
  }

  /** Asks it to end. */
  drain(cause: string): void {
    if (this.#state === 'draining' || this.#state === 'ended') return;
    this.#drained = true;
    this.#enter('draining', cause);
    this.#child?.terminate();
  }

  /** Ends it and all that it started, at once. */
  kill(cause: string): void {
    if (this.#state === 'ended') return;
    this.#killed = true;
    this.#cause = `killed: ${cause}`;
    this.#child?.kill();
    this.#options.onChange();
  }

  /** What there is to decide by. */
  actual(): Actual {
    return {
      id: this.id,
      slot: this.slot,
      generation: this.generation,
      state: this.#state,
      since: this.#since,
      aliveAt: this.#aliveAt,
      killed: this.#killed,
      retryAt: this.#end?.retryAt ?? 0,
    };
  }

  /** What others see of it. */
  record(): InstanceRecord {
    const { surroundings, declaration } = this.#options;
    const pid = this.#child?.pid;
    return {
      id: this.id,
      service: declaration.name,
      slot: this.slot,
      generation: this.generation,
      host: surroundings.host,
      ...(pid === undefined ? {} : { pid }),
      ...(this.#processStart === undefined ? {} : { processStart: this.#processStart }),
      state: this.#state,
      ...(this.#cause === undefined ? {} : { cause: this.#cause }),
      startedAt: this.#startedAt,
      ...(this.#ready === undefined ? {} : { readyAt: this.#ready.time }),
      restarts: this.restarts,
      ...(this.#end === undefined ? {} : { endedAt: this.#end.endedAt, retryAt: this.#end.retryAtTime }),
    };
  }

  /** Lines that it writes; those that are signs are for us, and not kept. */
  async #take(stream: 'stdout' | 'stderr', lines: readonly string[], log: ServiceLog): Promise<void> {
    const { declaration, surroundings } = this.#options;
    const kept = lines.filter((line) => stream === 'stderr' || !this.#isSign(line));
    const time = this.#time();
    try {
      await log.append(
        kept.map((text) => ({ time, service: declaration.name, instance: this.id, stream, text })),
      );
    } catch (thrown) {
      const fields = { err: thrown, instanceId: this.id, lines: kept.length };
      surroundings.logger.error(fields, 'lines of an instance could not be kept and are lost');
    }
  }

  #isSign(line: string): boolean {
    const { readiness, heartbeatSeconds } = this.#options.declaration;
    if (line === 'ready' && readiness === 'line') {
      this.#becomeReady();
      return true;
    }
    if (line !== 'alive' || heartbeatSeconds === undefined) return false;
    this.#isAlive();
    return true;
  }

  #becomeReady(): void {
    if (this.#state !== 'starting') return;
    const { clock } = this.#options.surroundings;
    this.#ready = { at: clock.now(), time: this.#time() };
    this.#aliveAt = clock.now();
    this.#enter('ready');
    const { liveness } = this.#options.declaration;
    this.#probe?.close();
    if (liveness !== undefined) this.#ask(liveness, () => this.#isAlive());
  }

  #isAlive(): void {
    this.#aliveAt = this.#options.surroundings.clock.now();
  }

  #ask({ http, everySeconds, port = this.#port }: ProbeDeclaration, onAnswer: () => void): void {
    // it has ended, or was told to, while it was begun
    if (port === undefined || this.#state === 'draining' || this.#state === 'ended') return;
    const { clock } = this.#options.surroundings;
    this.#probe = new HttpProbe({ port, path: http, everyMs: everySeconds * 1000, clock, onAnswer });
  }

  #over(how: string): void {
    const { surroundings, declaration, failures } = this.#options;
    const { clock, random, restarts, logger } = surroundings;
    const ended = { drained: this.#drained, readyAt: this.#ready?.at, failures };
    const after = afterEnd(ended, restarts, clock.now(), random());
    const retryAtTime = this.#time(after.retryAt - clock.now());
    this.#end = { ...after, endedAt: this.#time(), retryAtTime };
    const cause = this.#cause === undefined ? how : `${this.#cause}; ${how}`;
    const fields = { serviceName: declaration.name, instanceId: this.id, cause };
    if (this.#drained) logger.info(fields, 'instance ended');
    else logger.warn(fields, 'instance ended and is to be replaced');
    this.#enter('ended', cause);
    this.#finish();
  }

  #enter(state: InstanceState, cause?: string): void {
    this.#state = state;
    this.#since = this.#options.surroundings.clock.now();
    if (state === 'draining' || state === 'ended') this.#probe?.close();
    if (cause !== undefined) this.#cause = cause;
    this.#options.onChange();
  }

  #time(inMs = 0): string {
    return new Date(this.#options.surroundings.clock.wallTime() + inMs).toISOString();
  }
}

function capsOf({ limits }: ServiceDeclaration): Caps {
  const { memoryMegabytes, ...others } = limits;
  return { dataMegabytes: memoryMegabytes, ...others };
}
