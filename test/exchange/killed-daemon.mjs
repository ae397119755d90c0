// A daemon for a test to kill: it answers one request, begins another that does not end, and says so.
import { join } from 'node:path';
import { openConsortium } from '../../dist/cli/consortium/open-consortium.js';
import { createTelemetry } from '../../dist/kernel/telemetry/index.js';
import { exampleConfiguration, loadConfiguration } from '../../dist/systems/exchange/index.js';

const folder = process.argv[2];
const telemetry = await createTelemetry({
  service: 'test',
  version: '0',
  logLevel: 'error',
  environment: {},
});
const { exchange } = await openConsortium({
  folder,
  configuration: loadConfiguration(exampleConfiguration(), 'starling.yaml'),
  configurationFile: join(folder, 'starling.yaml'),
  telemetry,
});
const first = await exchange.ask({ user: { id: 'ada@university.example' }, dataProviders: ['VU'] });
await first.ended;
console.log(`answered ${first.id}`);
const query = 'SELECT count(*) AS n FROM Personen a, Personen b, Personen c WHERE a.BKO + b.SKO + c.BKO = 9';
const second = await exchange.ask({ user: { id: 'grace@university.example' }, dataProviders: ['VU'], query });
console.log(`running ${second.id}`);
