import { afterAll, beforeAll, describe } from 'vitest';
import { describeState } from '../../src/kernel/state/conformance.js';
import { missingEtcd, startEtcd } from '../servers/etcd.js';
import { harnessOn, type Servers } from './etcd-harness.js';

const missing = missingEtcd();
if (missing !== undefined) console.log(`The state on etcd is not tested: ${missing}`);

describe.skipIf(missing !== undefined)('one server', () => {
  let server: Awaited<ReturnType<typeof startEtcd>>;
  beforeAll(async () => {
    server = await startEtcd();
  });
  afterAll(() => server.close());
  describeState(
    'etcd',
    harnessOn((): Servers => server),
  );
});
