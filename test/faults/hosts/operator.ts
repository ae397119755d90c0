import { setTimeout as wait } from 'node:timers/promises';
import type { LogLine } from '../../../src/runtime/index.js';
import { monotonicMs } from '../../lab/monotonic.js';
import { type Random, seeded, whole } from '../../lab/seeded.js';
import type { Ending, Tally } from '../../lab/tally.js';
import { type Caller, endingOf } from '../caller.js';
import { uploadOnce } from '../tasks/gateway-desk.js';
import { madeFiles } from '../tasks/made-files.js';
import { wrongInLines } from './check-views.js';
import { Desk, type HttpAnswer } from './desk.js';
import type { HostsHistory, Setting, Uploaded, View } from './history.js';
import { hostNames, most, service } from './machines-with-hosts.js';

/**
 * How long an answer is waited for, in milliseconds. A change is waited for longer than any fault lasts, with what TCP needs to try
 * again after it: one that nobody waits for any more, and that is done later, would be taken for another.
 */
const [patienceMs, changePatienceMs] = [10_000, 30_000];
/** Before the next question of the same kind, and before one is asked again that nobody took, in milliseconds. */
const [pauseMs, againMs] = [20, 100];
/** How many upload at once, and how many read. */
const [uploaders, readers] = [2, 2];
/** From one change to the next there are so many operations. Of a hundred changes so many are scales; the others are drains or their end. */
const [changeEvery, scales] = [25, 60];
/** How many instances are wanted at least, and at first. */
export const least = 3;
/** How many lines of a log are read at once. */
const fewLines = 100;

/** What the operator asked for and saw. */
export type Told = Pick<
  HostsHistory,
  'uploaded' | 'scales' | 'serviceViews' | 'drains' | 'hostViews' | 'surprises'
>;

interface SeenService {
  readonly replicas: { readonly desired: number };
}
interface SeenHosts {
  readonly items: readonly { readonly name: string; readonly state: string }[];
}
interface SeenLines {
  readonly items: readonly LogLine[];
}

/** Uploads files, scales the workers, drains hosts and reads what there is, side by side; the seed decides which. */
export class Operator {
  readonly #callers: readonly Caller[];
  readonly #seed: number;
  readonly #tally: Tally;
  readonly #uploaded: Uploaded[] = [];
  readonly #scales: Setting<number>[] = [{ value: least, from: 0, to: monotonicMs() }];
  readonly #drains = new Map<string, Setting<boolean>[]>(
    hostNames.map((name) => [name, [{ value: false, from: 0, to: monotonicMs() }]]),
  );
  readonly #serviceViews: View<number>[] = [];
  readonly #hostViews = new Map<string, View<boolean>[]>(hostNames.map((name) => [name, []]));
  /** Each once: what is read again is wrong again. */
  readonly #surprises = new Set<string>();

  constructor(callers: readonly Caller[], seed: number, tally: Tally) {
    this.#callers = callers;
    this.#seed = seed;
    this.#tally = tally;
  }

  get told(): Told {
    return {
      ...{ uploaded: this.#uploaded, scales: this.#scales, serviceViews: this.#serviceViews },
      ...{ drains: this.#drains, hostViews: this.#hostViews, surprises: [...this.#surprises] },
    };
  }

  async work(): Promise<void> {
    const lanes = [
      (random: Random, desk: Desk) => this.#change(random, desk),
      ...Array.from({ length: uploaders }, () => (random: Random, desk: Desk) => this.#upload(random, desk)),
      ...Array.from({ length: readers }, () => (random: Random, desk: Desk) => this.#read(random, desk)),
    ];
    await Promise.all(
      lanes.map(async (once, index) => {
        const random = seeded(this.#seed * 16 + index);
        const desk = new Desk(this.#callers, random);
        while (!this.#tally.isOver()) {
          await once(random, desk);
          await wait(pauseMs);
        }
      }),
    );
  }

  /** Scales the workers, drains a host or ends that, when there were operations enough since the last time. */
  async #change(random: Random, desk: Desk): Promise<void> {
    const due = this.#tally.operations + changeEvery;
    while (this.#tally.operations < due && !this.#tally.isOver()) await wait(againMs);
    if (this.#tally.isOver()) return;
    if (whole(random, 0, 100) < scales) await this.#scale(random, desk);
    else await this.#drainOrOpen(random, desk);
  }

  async #scale(random: Random, desk: Desk): Promise<void> {
    const value = whole(random, least, most + 1);
    const body = { replicas: value, because: 'the run says so' };
    const args = { path: `/services/${service}/replicas`, method: 'PUT', body };
    await this.#until('scale', desk, args, this.#scales, value);
  }

  /** Drains a host, or lets the one that is drained take instances again: two have places at all times. */
  async #drainOrOpen(random: Random, desk: Desk): Promise<void> {
    const drained = [...this.#drains].find(([, settings]) => settings.at(-1)?.value === true)?.[0];
    const host = drained ?? hostNames[whole(random, 0, hostNames.length)] ?? hostNames[0];
    const args =
      drained === undefined
        ? { path: `/hosts/${host}/drain`, method: 'POST', body: {} }
        : { path: `/hosts/${host}/drain`, method: 'DELETE' };
    await this.#until('drain', desk, args, this.#drains.get(host) ?? [], drained === undefined);
  }

  /** A change is asked for until it is answered: what is wanted has to be known. */
  async #until<Value>(
    kind: string,
    desk: Desk,
    args: { readonly path: string; readonly method: string; readonly body?: object },
    settings: Setting<Value>[],
    value: Value,
  ): Promise<void> {
    const from = monotonicMs();
    settings.push({ value, from, to: Number.POSITIVE_INFINITY });
    for (;;) {
      const { at, body } = await this.#http(kind, desk, args, changePatienceMs);
      if (body !== undefined) {
        settings[settings.length - 1] = { value, from, to: at };
        return;
      }
      if (this.#tally.isBroken)
        throw new Error(`${args.path} was not answered before the run was broken off.`);
    }
  }

  async #upload(random: Random, desk: Desk): Promise<void> {
    const [made] = await madeFiles(random, 1);
    if (made === undefined) throw new Error('No file was made.');
    const { expected } = made;
    const name = `${this.#uploaded.length}-${made.name}`;
    const index = this.#uploaded.push({ name, expected }) - 1;
    for (;;) {
      const { at, ending, task, surprise } = await uploadOnce(desk, { ...made, name });
      this.#tally.count(at, ending, 'upload');
      if (surprise !== undefined) this.#surprises.add(surprise);
      if (task !== undefined) this.#uploaded[index] = { name, expected, task };
      if (ending !== 'absent' || this.#tally.isBroken) return;
      await wait(againMs);
    }
  }

  async #read(random: Random, desk: Desk): Promise<void> {
    const reads = [this.#readService, this.#readHosts, this.#readLogs];
    await reads[whole(random, 0, reads.length)]?.call(this, desk);
  }

  async #readService(desk: Desk): Promise<void> {
    const args = { path: `/services/${service}` };
    const { calledAt, at, body } = await this.#http<SeenService>('read service', desk, args);
    if (body !== undefined) this.#serviceViews.push({ from: calledAt, to: at, value: body.replicas.desired });
  }

  async #readHosts(desk: Desk): Promise<void> {
    const { calledAt, at, body } = await this.#http<SeenHosts>('read hosts', desk, { path: '/hosts' });
    for (const { name, state } of body?.items ?? [])
      if (state === 'open' || state === 'drained')
        this.#hostViews.get(name)?.push({ from: calledAt, to: at, value: state === 'drained' });
  }

  async #readLogs(desk: Desk): Promise<void> {
    const args = { path: `/services/${service}/logs?last=${fewLines}` };
    const { body } = await this.#http<SeenLines>('read logs', desk, args);
    for (const problem of wrongInLines(body?.items ?? [])) this.#surprises.add(problem);
  }

  /** Asks once, or until there is somebody to ask, and counts it; without a body where it was not answered as it is to be. */
  async #http<Body>(
    kind: string,
    desk: Desk,
    args: { readonly path: string },
    patience = patienceMs,
  ): Promise<{ readonly calledAt: number; readonly at: number; readonly body?: Body }> {
    for (;;) {
      const outcome = await desk.ask<HttpAnswer<Body>>('http', args, patience);
      const { calledAt, at } = outcome;
      const answer = 'result' in outcome ? outcome.result : undefined;
      const ending: Ending = answer === undefined || answer.status === 200 ? endingOf(outcome) : 'refused';
      this.#tally.count(at, ending, kind);
      if (answer?.status === 200) return { calledAt, at, body: answer.body };
      // a gateway that stops, or whose storage is away, says so
      if (answer !== undefined && answer.status !== 503)
        this.#surprises.add(`${args.path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      if (ending !== 'absent' || this.#tally.isBroken) return { calledAt, at };
      await wait(againMs);
    }
  }
}
