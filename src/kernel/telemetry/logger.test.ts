import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StarlingError } from '../errors/index.js';
import { createLogger } from './logger.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-logger-'));
});
afterEach(() => rm(folder, { recursive: true }));

const open = (destination: string) =>
  createLogger({ service: 'agent', instance: 'vu', level: 'info', destination });

describe('logger', () => {
  it('writes one JSON object a line: constant message, fields, who, and the code of an error', async () => {
    const file = join(folder, 'agent.log');
    const { logger, close } = open(file);
    logger.child({ party: 'VU' }).warn({ err: new StarlingError('not-found', 'No job j1.') }, 'job missing');
    logger.debug('not at this level');
    await close();
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'agent',
      instance: 'vu',
      party: 'VU',
      msg: 'job missing',
      err: { code: 'not-found', message: 'No job j1.' },
    });
  });

  it('says which log cannot be opened', () => {
    const file = join(folder, 'absent', 'agent.log');
    expect(() => open(file)).toThrow(
      expect.objectContaining({ code: 'storage-failed', message: expect.stringContaining(file) }),
    );
  });
});
