import { describe, expect, it } from 'vitest';
import { Closers, openWhole } from './closers.js';

/** Parts that note when they are closed; those that are named so fail at it. */
function noted(...failing: readonly string[]) {
  const closed: string[] = [];
  const part = (name: string) => ({
    name,
    close: async () => {
      closed.push(name);
      if (failing.includes(name)) throw new Error(`${name} does not close`);
    },
  });
  return { closed, part };
}

describe('closers', () => {
  it('are called in reverse, once', async () => {
    const { closed, part } = noted();
    const closers = new Closers();
    expect(closers.own(part('state')).name).toBe('state');
    closers.push(part('gateway').close);
    await closers.close();
    await closers.close();
    expect(closed).toEqual(['gateway', 'state']);
  });

  it('are all called where one fails, which is told', async () => {
    const { closed, part } = noted('queue');
    const closers = new Closers();
    for (const name of ['state', 'queue', 'gateway']) closers.own(part(name));
    await expect(closers.close()).rejects.toThrow('queue does not close');
    expect(closed).toEqual(['gateway', 'queue', 'state']);
  });

  it('tell of all that fail', async () => {
    const { part } = noted('state', 'queue');
    const closers = new Closers();
    for (const name of ['state', 'queue']) closers.own(part(name));
    await expect(closers.close()).rejects.toMatchObject({
      errors: [new Error('queue does not close'), new Error('state does not close')],
    });
  });
});

describe('what is opened as one', () => {
  it('is given, and stays open', async () => {
    const { closed, part } = noted();
    const opened = await openWhole(async (closers) => {
      closers.own(part('state'));
      return { close: closers.close };
    });
    expect(closed).toEqual([]);
    await opened.close();
    expect(closed).toEqual(['state']);
  });

  it('is closed again as far as it was opened, where it cannot be', async () => {
    const { closed, part } = noted();
    const failure = new Error('the port is taken');
    const opening = openWhole(async (closers) => {
      for (const name of ['state', 'queue']) closers.own(part(name));
      throw failure;
    });
    await expect(opening).rejects.toBe(failure);
    expect(closed).toEqual(['queue', 'state']);
  });
});
