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

/** A load balancer, and what it thinks of the servers behind it. */
export interface LoadBalancer extends StartedServer {
  /** Resolves when it next says of the server of a number, from 1 on, that it gets requests. */
  untilUp(server: number): Promise<void>;
}

/**
 * A load balancer in front of gateways on ports of loopback, set up as `docs/engines.md` tells: it asks each for its readiness,
 * five times a second.
 */
export async function startHaproxy(ports: readonly number[]): Promise<LoadBalancer> {
  const port = await freePort();
  const waiting = new Map<number, () => void>();
  const server = await startServer({
    url: `http://127.0.0.1:${port}`,
    machine: loopback,
    words: async (folder) => {
      const file = join(folder, 'haproxy.cfg');
      await writeFile(file, configuration(port, ports));
      return ['haproxy', '-V', '-db', '-f', file];
    },
    // nothing is behind it yet when it is started, which is the first that it says once it listens
    ready: /has no server available/,
    onLine: (line) => {
      const up = /Server gateways\/g(\d+) is UP/.exec(line)?.[1];
      if (up === undefined) return;
      waiting.get(Number(up))?.();
      waiting.delete(Number(up));
    },
  });
  const untilUp = (number: number) => new Promise<void>((resolve) => waiting.set(number, resolve));
  return Object.assign(server, { untilUp });
}

function configuration(port: number, ports: readonly number[]): string {
  const servers = ports.map((one, index) => `  server g${index + 1} 127.0.0.1:${one} check`);
  return `
global
  log stdout format raw local0 notice
defaults
  mode http
  log global
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  timeout check 5s
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
