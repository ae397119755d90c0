import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { childProgram } from '../../src/kernel/child-program/index.js';
import { whyNoSmallDisk, withSmallDisk } from '../durability/small-disk.js';
import { CuttingProxy } from '../engines/cutting-proxy.js';
import { openTasksGateway, type TasksGateway } from './tasks-gateway.js';

const program = childProgram('cli/main.js');
const patience = 120_000;

let folder: string;
let proxy: CuttingProxy;
beforeEach(async () => {
  proxy = await CuttingProxy.start('http://127.0.0.1:1');
  folder = await mkdtemp(join(tmpdir(), 'starling-resume-'));
});
afterEach(async () => {
  await proxy.close();
  await rm(folder, { recursive: true });
});

/** A gateway that is reached through the proxy. */
async function openBehindProxy(options: { maxUploadBytes?: number }, disk?: string): Promise<TasksGateway> {
  const allowedHosts = [new URL(proxy.url).host];
  const gateway = await openTasksGateway(options, { limits: {}, allowedHosts }, disk);
  proxy.target = gateway.url;
  return gateway;
}

/** Writes a file of random bytes, and uploads it through the proxy. */
async function prepared(bytes: number) {
  const content = randomBytes(bytes);
  await writeFile(join(folder, 'large.tiff'), content);
  const start = (...words: string[]) => {
    const args = ['upload', 'large.tiff', '--filter', 'keep', '--no-wait', '--url', proxy.url, ...words];
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH },
    });
    const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
      ([[status], out, err]) => ({ status: Number(status), out, err }),
    );
    return { child, ended };
  };
  return { content, between: proxy, start };
}

async function originals({ url, made }: TasksGateway): Promise<Buffer[]> {
  const { tasks } = await made.tasks.list();
  return Promise.all(
    tasks.map(async ({ id }) =>
      Buffer.from(await (await fetch(`${url}/api/v1/tasks/${id}/original`)).arrayBuffer()),
    ),
  );
}

const size = 40_000_000;

describe('starling upload of a large file', () => {
  let gateway: TasksGateway;
  beforeEach(async () => {
    gateway = await openBehindProxy({ maxUploadBytes: 50_000_000 });
  });
  afterEach(() => gateway.close());

  it(
    'goes on by itself where the connection is cut in the middle',
    async () => {
      const { content, between, start } = await prepared(size);
      between.mark = { at: 30_000_000, act: () => 'cut' };
      const { status, out } = await start('--json').ended;
      expect([status, JSON.parse(out)]).toMatchObject([0, { uploaded: 1, known: 0, failed: [] }]);
      expect(between.cuts).toBe(1);
      expect(between.sent).toBeLessThan(2 * size - 10_000_000);
      const [original, ...more] = await originals(gateway);
      expect([original?.equals(content), more.length]).toEqual([true, 0]);
    },
    patience,
  );

  it(
    'is gone on with by the same command after Ctrl-C, and is not sent a third time',
    async () => {
      const { content, between, start } = await prepared(size);
      const first = start();
      between.mark = {
        at: 30_000_000,
        act: () => {
          first.child.kill('SIGINT');
          return 'hold';
        },
      };
      const ended = await first.ended;
      expect(ended.status).toBe(130);
      expect(ended.err).toContain('What was sent is kept: the same command goes on');
      expect((await gateway.made.tasks.list()).tasks).toEqual([]);

      between.sent = 0;
      const second = await start().ended;
      expect([second.status, second.out]).toEqual([0, expect.stringContaining('1 file uploaded.')]);
      expect(second.err).toContain('1 of 1, 40 MB of 40 MB');
      expect(between.sent).toBeGreaterThan(9_000_000);
      expect(between.sent).toBeLessThan(size - 8_000_000);
      const [original, ...more] = await originals(gateway);
      expect([original?.equals(content), more.length]).toEqual([true, 0]);

      between.sent = 0;
      expect((await start().ended).out).toContain('0 files uploaded, 1 there already.');
      expect(between.sent).toBeLessThan(10_000);
    },
    patience,
  );

  it(
    'begins again where the file has changed meanwhile',
    async () => {
      const { between, start } = await prepared(size);
      const first = start();
      between.mark = {
        at: 20_000_000,
        act: () => {
          first.child.kill('SIGINT');
          return 'hold';
        },
      };
      expect((await first.ended).status).toBe(130);
      const changed = randomBytes(size);
      await writeFile(join(folder, 'large.tiff'), changed);
      between.sent = 0;
      expect((await start().ended).status).toBe(0);
      expect(between.sent).toBeGreaterThan(size);
      const [original, ...more] = await originals(gateway);
      expect([original?.equals(changed), more.length]).toEqual([true, 0]);
    },
    patience,
  );
});

const problem = await whyNoSmallDisk('large uploads');

it.skipIf(problem !== undefined)(
  'what came before the disk was full is kept, and gone on with when there is space',
  () =>
    withSmallDisk(async (disk) => {
      const gateway = await openBehindProxy({}, disk);
      try {
        const { content, between, start } = await prepared(20_000_000);
        await writeFile(join(disk, 'reserve'), Buffer.alloc(14_000_000));
        const ballast = join(disk, 'ballast');
        for (let left = true; left; )
          await appendFile(ballast, Buffer.alloc(65_536)).catch(() => {
            left = false;
          });
        await rm(join(disk, 'reserve'));
        const first = await start('--json').ended;
        expect([first.status, JSON.parse(first.out)]).toMatchObject([
          1,
          { uploaded: 0, failed: [{ name: 'large.tiff', error: { code: 'storage-full' } }] },
        ]);
        await rm(ballast);
        between.sent = 0;
        expect((await start().ended).status).toBe(0);
        expect(between.sent).toBeLessThan(12_500_000);
        const [original, ...more] = await originals(gateway);
        expect([original?.equals(content), more.length]).toEqual([true, 0]);
      } finally {
        await gateway.close();
      }
    }, 96),
  patience,
);
