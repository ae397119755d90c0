import { closeSync, createWriteStream } from 'node:fs';
import { closeInheritedFiles } from '../../../kernel/child-program/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import { RunDatabase } from './database.js';
import { executionError, PrivateFailure } from './duckdb-errors.js';
import { executeCombine } from './execute-combine.js';
import { executeQuery } from './execute-query.js';
import { mergeRound } from './merge-round.js';
import type {
  CombineOrder,
  FromChild,
  MergeOrder,
  Phase,
  QueryOrder,
  RunOrder,
  RunReport,
  ToChild,
} from './order.js';
import type { RunContext } from './run-context.js';
import { warmUp } from './warm-up.js';

/** The file descriptor that the parent reads released rows from. */
const rowsDescriptor = 4;
/** Phases that may take long, and are told as they begin; every message delays the answer a little. */
const told: ReadonlySet<Phase['name']> = new Set(['execute', 'combine', 'merge']);
/** The machine has few cores and several runs share them. */
const threads = 2;

/**
 * The program of a run's process: it opens the data set while it waits in the pool, takes one order, answers, and is ended.
 * SQL is parsed, bound and executed here and nowhere else, so that whatever a statement does, it does to this process.
 */
closeInheritedFiles();

let database: Promise<RunDatabase> | undefined;

/** Messages are taken one after the other: an order that comes while a file is opened waits for it. */
let turn: Promise<void> = Promise.resolve();

process.on('message', (message: ToChild) => {
  turn = turn.then(() =>
    message.type === 'prepare' ? prepare(message.database, message.memoryMegabytes) : run(message.order),
  );
});
// the parent is gone: whatever is still running here has nobody to answer to
process.on('disconnect', () => process.exit(0));

/** May come again, when the data set was imported meanwhile: what was opened before is let go. */
async function prepare(path: string | undefined, memoryMegabytes: number): Promise<void> {
  const before = await database?.catch(() => undefined);
  if (before === undefined || before.path !== path) {
    before?.close();
    database = RunDatabase.open(path, memoryMegabytes, threads);
    // a data set that cannot be opened is the order's error, and is told then
    const opened = await database.catch(() => undefined);
    if (opened !== undefined && path !== undefined) await warmUp(opened);
  }
  await send({ type: 'ready', residentBytes: process.memoryUsage.rss() });
}

async function run(order: RunOrder): Promise<void> {
  const context = phaseContext();
  try {
    const report = await carryOut(order, context);
    await send({ type: 'done', report: { ...report, phases: context.phases() } });
  } catch (thrown) {
    const memory = order.limits.memoryMegabytes;
    const failure = executionError(thrown instanceof PrivateFailure ? thrown.error : thrown, memory);
    const error = failure instanceof PrivateFailure ? failure.error : StarlingError.from(failure);
    const privately = failure instanceof PrivateFailure ? failure.privately : causeOf(thrown);
    await send({
      type: 'failed',
      error: error.toRecord(),
      ...(privately === undefined ? {} : { privately }),
    });
  }
  // whoever reads the rows sees their end; the parent ends the process when it has time for it
  closeSync(rowsDescriptor);
}

function carryOut(order: RunOrder, context: RunContext): Promise<RunReport> | RunReport {
  switch (order.kind) {
    case 'query':
      return query(order, context);
    case 'combine':
      return combine(order, context);
    case 'merge':
      return merge(order, context);
  }
}

async function query(order: QueryOrder, context: RunContext): Promise<RunReport> {
  context.begin('open');
  return executeQuery(await openFor(order), order, context);
}

/** The database that was opened while waiting, unless the data set was imported anew or the memory is another. */
async function openFor({ database: path, limits, transfer }: QueryOrder): Promise<RunDatabase> {
  const prepared = await database?.catch(() => undefined);
  const { memoryMegabytes } = limits;
  // one that was sealed while it waited lets no rows out
  const isFit = prepared?.path === path && prepared.memoryMegabytes === memoryMegabytes;
  if (isFit && transfer === undefined) return prepared;
  prepared?.close();
  return RunDatabase.open(path, memoryMegabytes, threads, transfer === undefined ? [] : [transfer.pipe]);
}

async function combine(order: CombineOrder, context: RunContext): Promise<RunReport> {
  context.begin('open');
  const prepared = await database?.catch(() => undefined);
  prepared?.close();
  const files = order.sources.map(({ file }) => file);
  const opened = await RunDatabase.open(undefined, order.limits.memoryMegabytes, threads, files);
  return executeCombine(opened, order, context);
}

function merge(order: MergeOrder, context: RunContext): RunReport {
  context.begin('merge');
  return { result: mergeRound(order), read: [], phases: context.phases() };
}

function phaseContext(): RunContext {
  const ended: Phase[] = [];
  let current: { name: Phase['name']; since: number } | undefined;
  const end = () => {
    if (current === undefined) return;
    ended.push({ name: current.name, ms: Math.round((performance.now() - current.since) * 1000) / 1000 });
    current = undefined;
  };
  return {
    begin: (name) => {
      end();
      current = { name, since: performance.now() };
      if (told.has(name)) void send({ type: 'progress', phase: name });
    },
    phases: () => {
      end();
      return ended;
    },
    sink: rowSink(),
  };
}

function rowSink(): RunContext['sink'] {
  let stream: ReturnType<typeof createWriteStream> | undefined;
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        stream ??= createWriteStream('', { fd: rowsDescriptor, autoClose: false });
        stream.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
  };
}

function send(message: FromChild): Promise<void> {
  return new Promise((resolve) => {
    // a parent that is gone cannot be told; the disconnect handler ends the process
    process.send?.(message, () => resolve());
  });
}

function causeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && thrown.cause !== undefined ? String(thrown.cause) : undefined;
}
