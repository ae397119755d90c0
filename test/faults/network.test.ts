import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingForDelay } from './delayed-link.js';
import { type Machine, missingForDrops, missingForNetwork, type Network, openNetwork } from './network.js';

const missing = (await missingForNetwork()) ?? (await missingForDrops()) ?? (await missingForDelay());
if (missing !== undefined) console.log(`Links that are cut, lossy or slow are not tested: ${missing}.`);

/** Says what a connection to the other machine says first, or why there is none, and how long it took. */
const asker = `
  const [address, patience] = process.argv.slice(1);
  const began = performance.now();
  const socket = require('net').connect(7000, address);
  const tell = (what) => { console.log(JSON.stringify([what, performance.now() - began])); process.exit(); };
  socket.on('data', (bytes) => tell(bytes.toString())).on('error', ({ code }) => tell(code));
  setTimeout(() => tell('nothing'), Number(patience));
`;
const greeter = "require('net').createServer((s) => s.end('hello')).listen(7000, () => console.log('up'));";

async function ask(from: Machine, to: Machine, patienceMs: number): Promise<[string, number]> {
  const [command, ...words] = from.command(process.execPath, '-e', asker, to.address, String(patienceMs));
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [[text]] = (await Promise.all([once(child.stdout, 'data'), once(child, 'exit')])) as [
    [Buffer],
    unknown,
  ];
  return JSON.parse(text.toString()) as [string, number];
}

describe.skipIf(missing !== undefined)('the network of a test', () => {
  let network: Network;
  let greeting: ReturnType<typeof spawn>;
  const machine = (name: string): Machine => {
    const found = network.machines[name];
    if (found === undefined) throw new Error(`There is no machine ${name}.`);
    return found;
  };

  beforeAll(async () => {
    network = await openNetwork(['one', 'two', 'three']);
    const [command, ...words] = machine('two').command(process.execPath, '-e', greeter);
    greeting = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    if (greeting.stdout !== null) await once(greeting.stdout, 'data');
  });

  afterAll(async () => {
    greeting.kill('SIGKILL');
    await once(greeting, 'exit');
    await network.remove();
  });

  it('joins its machines', async () => {
    expect((await ask(machine('one'), machine('two'), 5_000))[0]).toBe('hello');
  });

  it('cuts one machine off, and no other', async () => {
    await machine('one').cut();
    expect((await ask(machine('one'), machine('two'), 300))[0]).toBe('nothing');
    expect((await ask(machine('three'), machine('two'), 5_000))[0]).toBe('hello');
    await machine('one').heal();
    expect((await ask(machine('one'), machine('two'), 5_000))[0]).toBe('hello');
  });

  it('cuts one machine off from another, and not from a third', async () => {
    await machine('two').cutFrom([machine('one').address]);
    expect((await ask(machine('one'), machine('two'), 300))[0]).toBe('nothing');
    expect((await ask(machine('three'), machine('two'), 5_000))[0]).toBe('hello');
    await machine('two').dropNothing();
    expect((await ask(machine('one'), machine('two'), 5_000))[0]).toBe('hello');
  });

  it('loses all packets where all are to be lost', async () => {
    await machine('two').lose(1);
    expect((await ask(machine('one'), machine('two'), 300))[0]).toBe('nothing');
    await machine('two').dropNothing();
  });

  it('holds packets back in both directions', async () => {
    await machine('two').delay(60);
    const [said, took] = await ask(machine('one'), machine('two'), 10_000);
    expect(said).toBe('hello');
    // there and back to connect, and once for what is said: no less, whatever else the machine does
    expect(took).toBeGreaterThan(150);
    await machine('two').delay(0);
    expect((await ask(machine('one'), machine('two'), 5_000))[0]).toBe('hello');
  });
});
