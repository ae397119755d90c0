import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** `starling up` as a process of its own, on a free port; resolves when it says that it is up. */
export async function startDaemon(folder, options = []) {
  const args = [main, 'up', '--port', '0', '--data', folder, ...options];
  const daemon = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: daemon.stdout });
  let url;
  for await (const line of lines) {
    url ??= /API\s+(http:\S+)\/api\/v1/.exec(line)?.[1];
    if (line.includes('Stop with')) break;
  }
  if (url === undefined) throw new Error('The daemon ended before it was up.');
  return {
    url,
    pid: daemon.pid,
    async stop() {
      daemon.kill('SIGTERM');
      await once(daemon, 'exit');
    },
  };
}

/** Waits until a party's pool has as many warm processes as it keeps, and nothing works: then a request is a warm one. */
export async function untilWarm(url, parties, warm = 1) {
  const text = async () => (await fetch(`${url}/metrics`)).text();
  const states = await Promise.all(
    parties.map(async (party) => (await (await fetch(`${url}/api/v1/parties/${party}`)).json()).agent),
  );
  if (!states.every(settled)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return untilWarm(url, parties, warm);
  }
  await untilRuns(text, parties, warm);
}

/** Waits until the metrics say so; what an agent tells its gateway of its runs is some seconds old. */
export async function untilRuns(metrics, parties, warm = 1) {
  for (;;) {
    const text = await metrics();
    const runs = (party, state) =>
      Number(new RegExp(`starling_runs\\{party="${party}",state="${state}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
    if (parties.every((party) => runs(party, 'warm') >= warm && runs(party, 'working') === 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function settled(agent) {
  return agent?.dataSets.every((dataSet) => dataSet.state !== 'importing');
}

/** Resident size of a process in megabytes. */
export function residentMegabytes(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024) / 1e6;
}

/** Process ids of the children of a process. */
export function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
}
