// `starling serve gateway --services hosts` with short leases, so that a run needs not wait long. Argument: JSON of the options
// of `serveGateway`. Says `up` when it listens; SIGTERM ends it.
import { once } from 'node:events';
import { serveGateway } from '../../../dist/cli/serve/serve-gateway.js';
import { readConfigurationFile } from '../../../dist/systems/exchange/index.js';

const { configurationFile, ...options } = JSON.parse(process.argv[2]);
const stopping = once(process, 'SIGTERM');
const served = await serveGateway({
  ...{ publicUrl: undefined, allowedHosts: [], services: 'hosts', logLevel: 'warn' },
  ...{ keepAnswersMs: 3_600_000, keepRecordsDays: 30 },
  ...options,
  configurationFile,
  configuration: await readConfigurationFile(configurationFile),
});
console.log('up');
await stopping;
await served.close();
