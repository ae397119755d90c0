// Runs every bench in turn, or those that are named: `npm run bench -- warm-request`.
import { cpus, totalmem } from 'node:os';

const all = [
  'start',
  'warm-request',
  'ten-million',
  'trust',
  'recompose',
  'rows',
  'queue',
  'state',
  'tasks',
  'hosts',
  'regression',
  'gateways',
];
const asked = process.argv.slice(2);
console.log(
  `${cpus().length} × ${cpus()[0]?.model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}\n`,
);
for (const name of asked.length > 0 ? asked : all) await import(`./${name}.mjs`);
