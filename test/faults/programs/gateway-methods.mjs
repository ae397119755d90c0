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
      for await (const progress of eventsIn(response.body)) onItem(progress);
    },
    /** `at` is another gateway, `as` the token of another person; `prefer` goes on as the header. */
    async http({ path, method = 'GET', body, at = url, as = token, prefer }, _onItem, signal) {
      const headers = {
        authorization: `Bearer ${as}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(prefer === undefined ? {} : { prefer }),
      };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await reached(fetch(`${at}/api/v1${path}`, { method, headers, signal, ...sent }));
      return { status: response.status, body: await bodyOf(response) };
    },
    /**
     * Follows events after the one of a number, until the stream ends, `most` were told or `forMs` are over. What was told counts,
     * however the stream ended; the status is 0 where there was none.
     */
    async events({ path, after = 0, most = Number.POSITIVE_INFINITY, forMs, at = url }) {
      const told = [];
      let status = 0;
      try {
        const headers = { authorization, ...(after === 0 ? {} : { 'last-event-id': String(after) }) };
        const signal = AbortSignal.timeout(forMs);
        const response = await reached(fetch(`${at}/api/v1${path}`, { headers, signal }));
        status = response.status;
        if (status === 204) return { status, told };
        if (status !== 200) return { status, told, code: (await response.json()).code };
        for await (const { sequence, type, party } of eventsIn(response.body)) {
          told.push({ id: sequence, type, ...(party === undefined ? {} : { party }) });
          if (told.length >= most) break;
        }
        return { status, told };
      } catch (error) {
        if (error.code === 'unreachable') throw error;
        return { status, told, broken: String(error.cause ?? error) };
      }
    },
  };
}

/** What a gateway answers with; a text where it is no JSON. */
async function bodyOf(response) {
  const text = await response.text();
  const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
  return isJson ? JSON.parse(text) : { text };
}

/** What a call ends with where nobody could be connected to. */
const notConnected = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** Says of a gateway that nobody could connect to that it did nothing. */
async function reached(response) {
  try {
    return await response;
  } catch (error) {
    if (!notConnected.includes(error.cause?.code)) throw error;
    throw Object.assign(error, { code: 'unreachable', details: { outcome: 'not-done' } });
  }
}

/** What each event of a stream has in it. */
async function* eventsIn(body) {
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const lines = (text + chunk).split('\n');
    text = lines.pop();
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice('data: '.length));
  }
}
