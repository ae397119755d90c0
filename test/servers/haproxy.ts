import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../operation/free-port.js';
import { loopback, type StartedServer, startServer } from './started-server.js';

/** Why there can be no haproxy here; `undefined` where there can. */
export function missingHaproxy(): string | undefined {
  const { error } = spawnSync('haproxy', ['-v']);
  return error === undefined ? undefined : 'haproxy is not installed (apt-get install haproxy)';
}

/**
 * A load balancer in front of gateways on ports of loopback, as `docs/engines.md` tells to set it up: it asks each for its
 * readiness, five times a second. What it says of them goes to its log.
 */
export async function startHaproxy(ports: readonly number[]): Promise<StartedServer> {
  const port = await freePort();
  return startServer({
    url: `http://127.0.0.1:${port}`,
    machine: loopback,
    words: async (folder) => {
      const file = join(folder, 'haproxy.cfg');
      await writeFile(file, configuration(port, ports));
      // as a worker of a master, so that it says when it is ready
      return ['haproxy', '-W', '-db', '-f', file];
    },
    ready: /Loading success/,
  });
}

function configuration(port: number, ports: readonly number[]): string {
  const servers = ports.map((one, index) => `  server g${index + 1} 127.0.0.1:${one} check`);
  return `
global
  log stderr format raw local0 notice
defaults
  mode http
  log global
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  option redispatch
frontend consortium
  bind 127.0.0.1:${port}
  default_backend gateways
backend gateways
  balance roundrobin
  option httpchk
  http-check send meth GET uri /readyz hdr Host 127.0.0.1:${port}
  http-check expect status 200
  default-server inter 200ms fall 1 rise 1
${servers.join('\n')}
`;
}
