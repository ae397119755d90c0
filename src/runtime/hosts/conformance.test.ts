import { join } from 'node:path';
import { probeCaps } from '../../kernel/caps/index.js';
import { holdLeadership, type Lead } from '../../kernel/control/index.js';
import { processHarness } from '../conformance/process-harness.js';
import { describeRuntime } from '../conformance.js';
import { openHost, openHosts } from './index.js';

const support = await probeCaps();
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const random = () => 0;

describeHosts('hosts', ['h1']);
describeHosts('hosts, two of them', ['h1', 'h2']);

function describeHosts(name: string, names: readonly string[]): void {
  describeRuntime(
    name,
    processHarness(async ({ state, folder, clock }) => {
      const lead: Lead = (name, work) =>
        holdLeadership({ state, name, holder: 'a gateway', ttlMs: 600_000, clock, logger, lead: work });
      const programs: string[] = [];
      const { runtime, desk } = openHosts({
        ...{ state, clock, random, logger, lead, programs },
        hostLeaseMs: 600_000,
      });
      const hosts = await Promise.all(
        names.map((host) =>
          openHost({
            name: host,
            capacity: 8,
            version: '0',
            contract: desk,
            folder: join(folder, host),
            clock,
            random,
            logger,
            url: () => 'http://127.0.0.1:8080',
            support,
            environment: process.env,
            backoff: { jitter: 'none' },
          }),
        ),
      );
      await Promise.all(hosts.map((host) => host.start()));
      await runtime.start();
      const close = async () => {
        await Promise.all(hosts.map((host) => host.close()));
        await runtime.close();
      };
      return { runtime, close };
    }),
  );
}
