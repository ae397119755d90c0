import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMs } from '../../lab/monotonic.js';
import { type Random, seeded, whole } from '../../lab/seeded.js';
import type { Ending, Tally } from '../../lab/tally.js';
import { type Caller, endingOf } from '../caller.js';
import { type MadeFile, madeFiles } from '../tasks/made-files.js';
import type { HostPeriod, Uploaded, Wanted } from './history.js';
import { hostNames, most, service } from './machines-with-hosts.js';

/** How long an answer is waited for, and how long there is nothing before the next question, in milliseconds. */
const [patienceMs, againMs] = [10_000, 100];
/** Of a hundred operations so many are scales, and drains or their end; the others are uploads. */
const [scales, drains] = [8, 6];
/** How many instances are wanted at least, and at first. */
export const least = 3;

interface HttpAnswer {
  readonly status: number;
  readonly body: { readonly files?: readonly { readonly task?: string }[] };
}

/** Uploads files, scales the workers and drains hosts, one after the other; the seed decides which. */
export class Operator {
  readonly uploaded: Uploaded[] = [];
  readonly wanted: Wanted[] = [{ at: monotonicMs(), count: least }];
  readonly #drains: { readonly host: string; readonly from: number; to?: number }[] = [];
  readonly #desk: Caller;
  readonly #random: Random;
  readonly #tally: Tally;

  constructor(desk: Caller, seed: number, tally: Tally) {
    this.#desk = desk;
    this.#random = seeded(seed);
    this.#tally = tally;
  }

  /** When which hosts were drained; one that still is until the end. */
  get drained(): HostPeriod[] {
    return this.#drains.map(({ host, from, to = Number.POSITIVE_INFINITY }) => ({
      ...{ host, from, to },
      why: 'drained',
    }));
  }

  async work(): Promise<void> {
    while (!this.#tally.isOver()) {
      const kind = whole(this.#random, 0, 100);
      if (kind < scales) await this.#scale();
      else if (kind < scales + drains) await this.#drainOrOpen();
      else await this.#upload();
      await wait(againMs);
    }
  }

  async #upload(): Promise<void> {
    const [made] = await madeFiles(this.#random, 1);
    if (made === undefined) throw new Error('No file was made.');
    const { expected } = made;
    const name = `${this.uploaded.length}-${made.name}`;
    const task = await this.#sent(() => this.#uploadOnce({ ...made, name }));
    this.uploaded.push({ name, expected, ...(task === undefined ? {} : { task }) });
  }

  async #uploadOnce({ name, bytes, filter }: MadeFile) {
    const args = { name, filter: filter.name, base64: Buffer.from(bytes).toString('base64') };
    const outcome = await this.#desk.ask<HttpAnswer>('upload', args, patienceMs);
    const task = 'result' in outcome ? outcome.result.body.files?.[0]?.task : undefined;
    const ending = 'result' in outcome && task === undefined ? 'refused' : endingOf(outcome);
    return { at: outcome.at, ending, value: task };
  }

  /** A scale is asked for until it is answered: what is wanted has to be known. */
  async #scale(): Promise<void> {
    const count = whole(this.#random, least, most + 1);
    const body = { replicas: count, because: 'the run says so' };
    await this.#until({ path: `/services/${service}/replicas`, method: 'PUT', body });
    this.wanted.push({ at: monotonicMs(), count });
  }

  /** Drains a host, or lets the one that is drained take instances again: two have places at all times. */
  async #drainOrOpen(): Promise<void> {
    const last = this.#drains.at(-1);
    if (last !== undefined && last.to === undefined) {
      await this.#until({ path: `/hosts/${last.host}/drain`, method: 'DELETE' });
      last.to = monotonicMs();
      return;
    }
    const host = hostNames[whole(this.#random, 0, hostNames.length)] ?? hostNames[0];
    this.#drains.push({ host, from: monotonicMs() });
    await this.#until({ path: `/hosts/${host}/drain`, method: 'POST', body: {} });
  }

  async #until(args: { readonly path: string; readonly method: string; readonly body?: object }) {
    const once = async () => {
      const outcome = await this.#desk.ask<HttpAnswer>('http', args, patienceMs);
      const isDone = 'result' in outcome && outcome.result.status === 200;
      const ending = 'result' in outcome && !isDone ? 'refused' : endingOf(outcome);
      return { at: outcome.at, ending, value: isDone ? true : undefined };
    };
    while ((await this.#sent(once)) === undefined) {
      if (this.#tally.isBroken)
        throw new Error(`${args.path} was not answered before the run was broken off.`);
    }
  }

  /** Does it, waits while nobody is there to take it, and counts it. */
  async #sent<Value>(
    once: () => Promise<{ at: number; ending: Ending; value: Value | undefined }>,
  ): Promise<Value | undefined> {
    for (;;) {
      const { at, ending, value } = await once();
      this.#tally.count(at, ending);
      if (ending !== 'absent' || this.#tally.isBroken) return value;
      await wait(againMs);
    }
  }
}
