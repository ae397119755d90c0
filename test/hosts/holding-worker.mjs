// Takes one task after the other, asks the test (GATE) whether to go on, and hands in its own name as the result.
const { STARLING_URL: url, STARLING_INSTANCE: worker, GATE: gate } = process.env;
const api = `${url}/api/v1/tasks`;
const headers = { 'content-type': 'application/json' };
console.log('ready');
for (;;) {
  const body = JSON.stringify({ worker, max: 1, waitSeconds: 20 });
  const taken = await (await fetch(`${api}/take`, { method: 'POST', headers, body })).json();
  for (const { id, lease } of taken.tasks) {
    await fetch(`${gate}/${worker}`);
    const answer = await fetch(`${api}/${id}/result`, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain', 'starling-lease': lease },
      body: worker,
    });
    console.log(`handed in: ${answer.status}`);
  }
}
