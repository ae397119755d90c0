// What can be called of a gateway: its HTTP API, as a person with a token calls it.

export function gatewayMethods({ url, token }) {
  const authorization = `Bearer ${token}`;
  return {
    /** Uploads one file for workers; its bytes come and go in base64. */
    async upload({ name, base64, filter }, _onItem, signal) {
      const body = new FormData();
      body.set('filter', filter);
      body.set('batch', 'faults');
      body.set('file', new Blob([Buffer.from(base64, 'base64')]), name);
      const init = { method: 'POST', headers: { authorization }, body, signal };
      const response = await reached(fetch(`${url}/api/v1/tasks`, init));
      return { status: response.status, body: await bodyOf(response) };
    },
    async download({ path }, _onItem, signal) {
      const response = await reached(fetch(`${url}/api/v1${path}`, { headers: { authorization }, signal }));
      return {
        status: response.status,
        base64: Buffer.from(await response.arrayBuffer()).toString('base64'),
      };
    },
    /** Tells of the progress of tasks as it changes, until the connection is lost. */
    async progress(_args, onItem, signal) {
      const init = { headers: { authorization }, signal };
      const response = await reached(fetch(`${url}/api/v1/tasks/progress/events`, init));
      if (!response.ok) throw new Error(`The gateway answered ${response.status}: ${await response.text()}`);
      let text = '';
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        const lines = (text + chunk).split('\n');
        text = lines.pop();
        for (const line of lines)
          if (line.startsWith('data: ')) onItem(JSON.parse(line.slice('data: '.length)));
      }
    },
    async http({ path, method = 'GET', body }, _onItem, signal) {
      const headers = { authorization, 'content-type': 'application/json' };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await reached(fetch(`${url}/api/v1${path}`, { method, headers, signal, ...sent }));
      return { status: response.status, body: await bodyOf(response) };
    },
  };
}

/** What a gateway answers with; a text where it is no JSON. */
async function bodyOf(response) {
  const text = await response.text();
  const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
  return isJson ? JSON.parse(text) : { text };
}

/** Says of a gateway that nobody could connect to that it did nothing. */
async function reached(response) {
  try {
    return await response;
  } catch (error) {
    if (error.cause?.code !== 'ECONNREFUSED') throw error;
    throw Object.assign(error, { code: 'unreachable', details: { outcome: 'not-done' } });
  }
}
