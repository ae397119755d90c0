// Fills what servers of etcd store at most, beside those who use them, and makes room again as an operator does. Arguments: JSON of
// the servers' URLs, and `fill`, or `free` and a revision. `fill` says the revision of the middle of what it wrote: history from
// before it is what `free` has etcd forget, so that those who follow changes are not cut off from what they have yet to read.
import { setTimeout as wait } from 'node:timers/promises';

const [list = '[]', what, revision] = process.argv.slice(2);
const urls = JSON.parse(list);
/** What is written again and again, and how much at once: less than etcd's bound of a request. */
const [key, bytes] = ['ballast', 1_000_000];
/** How often a server is asked that has no leader, and after how long again, in milliseconds. */
const [mostAttempts, againMs] = [60, 500];

/** Calls the JSON form of etcd's API; a server that fails is asked again. Resolves with its answer, or that it is full. */
async function call(url, method, body) {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${url}/v3/${method}`, { method: 'POST', body: JSON.stringify(body) });
    const answer = await response.json();
    if (answer.error === undefined) return answer;
    if (/space exceeded/.test(answer.error)) return 'full';
    // another attempt of it was done
    if (/required revision has been compacted/.test(answer.error)) return {};
    if (attempt === mostAttempts) throw new Error(`${url}: ${method}: ${answer.error}`);
    await wait(againMs);
  }
}

const base64 = (content) => Buffer.from(content).toString('base64');

async function fill() {
  const revisions = [];
  for (;;) {
    const answer = await call(urls[0], 'kv/put', { key: base64(key), value: base64('x'.repeat(bytes)) });
    if (answer === 'full') return revisions[Math.floor(revisions.length / 2)] ?? 0;
    revisions.push(Number(answer.header.revision));
  }
}

async function free(until) {
  await call(urls[0], 'kv/compaction', { revision: until, physical: true });
  for (const url of urls) await call(url, 'maintenance/defragment', {});
  for (;;) {
    const { alarms = [] } = await call(urls[0], 'maintenance/alarm', { action: 'GET' });
    if (alarms.length === 0) return;
    for (const alarm of alarms) await call(urls[0], 'maintenance/alarm', { action: 'DEACTIVATE', ...alarm });
  }
}

if (what === 'fill') console.log(await fill());
else await free(revision);
