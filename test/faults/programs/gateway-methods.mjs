// What can be called of a gateway: its HTTP API, as a person with a token calls it.

export function gatewayMethods({ url, token }) {
  return {
    async http({ path, method = 'GET', body }, _onItem, signal) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      try {
        const response = await fetch(`${url}/api/v1${path}`, { method, headers, signal, ...sent });
        return { status: response.status, body: await response.json() };
      } catch (error) {
        const code = error.cause?.code;
        if (code !== 'ECONNREFUSED') throw error;
        throw Object.assign(error, { code: 'unreachable', details: { outcome: 'not-done' } });
      }
    },
  };
}
