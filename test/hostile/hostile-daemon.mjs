// A daemon for a test to kill: it keeps a pool of runs with one at work, and says so. Every process of the pool is given
// descriptor 3, the end of a pipe that the test reads: the pipe closes when the last of them is gone.
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

const spawn = childProcess.spawn;
childProcess.spawn = (command, args, options) =>
  spawn(command, args, { ...options, stdio: [...options.stdio, 3] });
syncBuiltinESMExports();

const { RunPool, probeCaps } = await import('../../dist/systems/exchange/runs/index.js');
const { systemClock } = await import('../../dist/kernel/clock/index.js');

const { sizes, order } = JSON.parse(process.argv[2]);
const pool = new RunPool({
  party: 'VU',
  sizes,
  support: await probeCaps(),
  clock: systemClock,
  likelyDatabase: () => order.database,
  likelyMemoryMegabytes: sizes.memoryMegabytes,
});
await pool.start();
const processes = pool.warmProcesses();
await pool.run(order, {
  onPhase: (phase) => {
    if (phase === 'execute') console.log(JSON.stringify(processes));
  },
});
