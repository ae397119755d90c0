import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalBlobs } from '../../kernel/blobs/index.js';
import { systemClock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import { openLocalQueues } from '../../kernel/queue/index.js';
import { openLocalState } from '../../kernel/state/index.js';
import { createLogger } from '../../kernel/telemetry/index.js';
import type { EngineChoice } from './chosen-engines.js';
import type { EngineOpeners } from './engine-openers.js';
import { openEngines } from './engines.js';
import { openFolderReader, openFolderState } from './folder-state.js';

let root: string;
let opened: { what: string; servers?: readonly string[]; expected: string | undefined }[];
let closed: string[];
let open: { close(): Promise<void> }[];
const { logger } = createLogger({
  ...{ service: 'test', instance: '1', level: 'silent' },
  destination: { write: () => undefined },
});

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'starling-engines-'));
  opened = [];
  closed = [];
  open = [];
});
afterEach(async () => {
  for (const one of open) await one.close();
  await rm(root, { recursive: true });
});

/** Engines outside of the folder, whose stores are in folders beside it. */
function engines(failing?: 'queues'): EngineOpeners {
  const known = <Engine extends { close(): Promise<void> }>(what: string, engine: Engine) => {
    const close = engine.close.bind(engine);
    return Object.assign(engine, {
      identity: `${what}-1`,
      close: () => {
        closed.push(what);
        return close();
      },
    });
  };
  return {
    state: async ({ servers }, { expected }) => {
      opened.push({ what: 'state', servers, expected });
      return known('state', await openLocalState({ folder: join(root, 'etcd') }));
    },
    queues: async ({ servers }, { expected }) => {
      opened.push({ what: 'queues', servers, expected });
      if (failing === 'queues') throw new StarlingError('storage-failed', 'It cannot be reached.');
      return known('queues', await openLocalQueues({ folder: join(root, 'nats') }));
    },
    blobs: async (address, { expected }) => {
      opened.push({ what: `blobs in ${address.engine}`, expected });
      return known('blobs', await openLocalBlobs({ folder: join(root, 'objects') }));
    },
  };
}

async function openWith(choice: EngineChoice, openers = engines(), name = 'gateway') {
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  const made = await openEngines({ folder, choice, environment: {}, clock: systemClock, logger }, openers);
  open.push(made);
  return made;
}

const elsewhere = { state: 'etcd://h1', queue: 'nats://h2' };

describe('the engines of a gateway', () => {
  it('are embedded in its folder by default, and nothing is remembered', async () => {
    const { embedded, known, state } = await openWith({});
    expect([embedded, known]).toEqual([['state', 'queue', 'blobs'], {}]);
    expect((await state.status()).adapter).toBe('local');
    await expect(readFile(join(root, 'gateway', 'engines.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('are where their addresses say, with blobs beside the queue, and held to what they were before', async () => {
    const first = await openWith(elsewhere);
    expect(first.embedded).toEqual([]);
    await first.close();
    expect(closed).toEqual(['blobs', 'queues', 'state']);
    const again = await openWith({ ...elsewhere, state: 'etcd://h3,h4' });
    expect(opened).toEqual([
      { what: 'state', servers: ['h1:2379'], expected: undefined },
      { what: 'queues', servers: ['h2:4222'], expected: undefined },
      { what: 'blobs in nats', expected: undefined },
      { what: 'state', servers: ['h3:2379', 'h4:2379'], expected: 'state-1' },
      { what: 'queues', servers: ['h2:4222'], expected: 'queues-1' },
      { what: 'blobs in nats', expected: 'blobs-1' },
    ]);
    expect(again.known.state).toEqual({
      engine: 'etcd',
      servers: ['h3:2379', 'h4:2379'],
      tls: false,
      identity: 'state-1',
    });
  });

  it.each([
    ['embedded after they were elsewhere', elsewhere, {}, '--state'],
    ['elsewhere after they were embedded', {}, elsewhere, '--state'],
    ['under another prefix', elsewhere, { ...elsewhere, state: 'etcd://h1/other' }, '--state'],
    ['with blobs in another place', elsewhere, { ...elsewhere, blobs: 's3://photos' }, '--blobs'],
  ])('are refused %s', async (_what, before, after, option) => {
    await (await openWith(before)).close();
    await expect(openWith(after)).rejects.toMatchObject({
      code: 'configuration-invalid',
      details: { option },
    });
  });

  it('are refused where the queue is shared and the state is not', async () => {
    await expect(openWith({ queue: 'nats://h2' })).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('Give --state too'),
    });
  });

  it('are closed again, and not remembered, where one of them cannot be opened', async () => {
    await expect(openWith(elsewhere, engines('queues'))).rejects.toMatchObject({ code: 'storage-failed' });
    expect(closed).toEqual(['state']);
    expect((await openWith({})).embedded).toHaveLength(3);
  });

  it('keep their folder to one process, also where nothing is stored in it', async () => {
    await openWith(elsewhere);
    await expect(openWith(elsewhere)).rejects.toMatchObject({ code: 'folder-in-use' });
    expect((await openWith({}, engines(), 'other')).embedded).toHaveLength(3);
  });

  it('are found again by commands: to change something where no process has the folder, to read in any case', async () => {
    const made = await openWith(elsewhere);
    await made.state.put('a', 1);
    const folder = join(root, 'gateway');
    await expect(openFolderState(folder, engines())).rejects.toMatchObject({ code: 'folder-in-use' });
    await made.close();
    for (const openFolder of [openFolderState, openFolderReader]) {
      const { state, close } = await openFolder(folder, engines());
      expect((await state.get('a'))?.value).toBe(1);
      expect(opened.at(-1)).toEqual({ what: 'state', servers: ['h1:2379'], expected: 'state-1' });
      await close();
    }
  });

  it('say where what is remembered of them is damaged', async () => {
    await mkdir(join(root, 'gateway'));
    await writeFile(join(root, 'gateway', 'engines.json'), '{"state":{"engine":"redis"}}');
    await expect(openWith({})).rejects.toMatchObject({
      code: 'storage-failed',
      message: expect.stringContaining('engines.json is damaged'),
    });
  });
});
