import { z } from 'zod';

/** A response with its body: JSON parsed, else text. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A problem document, or another JSON object whose members a test looks at. */
export type JsonObject = Readonly<Record<string, unknown>>;

export type Call = <Body = JsonObject>(
  method: string,
  path: string,
  options?: CallOptions,
) => Promise<Answer<Body>>;

interface Documented {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: unknown }>> }>
  >;
}

/** Calls the gateway at `url`, and throws where an answer is not as `/openapi.json` states it. */
export function documentedCalls(url: string): Call {
  let read: Promise<Documented> | undefined;
  const document = () => {
    read ??= fetch(`${url}/openapi.json`).then((response) => response.json() as Promise<Documented>);
    return read;
  };
  return async <Body>(method: string, path: string, { body, headers, signal }: CallOptions = {}) => {
    const sent = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(url + path, {
      method,
      headers: { ...sent, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    const value: unknown = /[/+]json$/.test(type) ? JSON.parse(text) : text;
    const [route = ''] = path.split('?');
    assertDocumented(await document(), method, route, response.status, type, value);
    return { status: response.status, headers: response.headers, body: value as Body };
  };
}

function assertDocumented(
  document: Documented,
  method: string,
  path: string,
  status: number,
  type: string,
  value: unknown,
): void {
  const operation = operationAt(document, method, path);
  // a path or method that is not there has no operation that could state it
  if (operation === undefined) return;
  const where = `${method} ${path}: status ${status}`;
  const stated = operation.responses[status];
  if (stated === undefined) throw new Error(`${where} is not documented: ${JSON.stringify(value)}`);
  if (type === '' && stated.content === undefined) return;
  const schema = stated.content?.[type]?.schema;
  if (schema === undefined) throw new Error(`${where} as ${type} is not documented`);
  if (!/[/+]json$/.test(type)) return;
  const { error } = toZod(schema, document.components.schemas).safeParse(value);
  if (error !== undefined) throw new Error(`${where} is not as documented: ${error.message}`);
}

function operationAt(document: Documented, method: string, path: string): Operation | undefined {
  const parts = path.split('/');
  const [found] = Object.entries(document.paths)
    .filter(([template]) => {
      const pattern = template.split('/');
      return (
        pattern.length === parts.length &&
        pattern.every((part, index) => part.startsWith('{') || part === parts[index])
      );
    })
    .map(([, operations]) => operations[method.toLowerCase()]);
  return found;
}

/** The zod schema of a schema of an OpenAPI document. */
export function toZod(schema: unknown, components: Readonly<Record<string, unknown>>): z.ZodType {
  const text = JSON.stringify({ ...(schema as object), $defs: components });
  // JSON Schema reads patterns with the flag u, which zod leaves out; this class is the only one that needs it here
  const patterns = text.replaceAll('\\\\p{Cc}', '\\\\x00-\\\\x1f\\\\x7f-\\\\x9f');
  return z.fromJSONSchema(JSON.parse(patterns.replaceAll('#/components/schemas/', '#/$defs/')));
}
