import type { GatewayOptions } from '../../src/gateway/index.js';
import { openPhotos } from '../../src/systems/tasks/compat.js';
import { type MadeTasks, madeTasks } from '../../src/systems/tasks/made-tasks.js';
import type { OpenTasksOptions } from '../../src/systems/tasks/open-tasks.js';
import type { Answer } from '../gateway/documented-call.js';
import { people, verifier } from '../gateway/signed-in-gateway.js';
import { openTestGateway, type TestGateway } from '../gateway/test-gateway.js';

/** A gateway that takes files, over the system on embedded engines. */
export interface TasksGateway extends TestGateway {
  readonly made: MadeTasks;
}

/** Opens one in open mode; its engines are in a folder of `parent`, or of that for temporary files. */
export async function openTasksGateway(
  options: Partial<OpenTasksOptions> = {},
  gateway: Partial<GatewayOptions> = {},
  parent?: string,
): Promise<TasksGateway> {
  const made = await madeTasks(options, parent);
  const { tasks, queues, state } = made;
  const photos = openPhotos({ state, tasks });
  const test = await openTestGateway({}, { tasks, queues, photos, ...gateway });
  return {
    ...test,
    made,
    close: async () => {
      await test.close();
      await made.close();
    },
  };
}

/** Opens one that people and instances sign in to. */
export function openSignedInTasks(options: Partial<OpenTasksOptions> = {}): Promise<TasksGateway> {
  return openTasksGateway(options, { access: { mode: 'signed-in', verifier } });
}

export { people };

/** What an upload is answered with. */
export interface UploadAnswer {
  readonly batch: string;
  readonly files: readonly {
    readonly name: string;
    readonly task?: string;
    readonly duplicate?: boolean;
    readonly error?: { readonly code: string; readonly message: string };
  }[];
  readonly error?: { readonly code: string };
}

/** A form with `fields`, and then `files` by name. */
export function formOf(
  fields: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>,
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  for (const [name, content] of Object.entries(files))
    form.append('file', new Blob([content], { type: 'image/png' }), name);
  return form;
}

/** Uploads a form. */
export async function upload<Body = UploadAnswer>(
  { url }: Pick<TestGateway, 'url'>,
  body: FormData,
  options: { readonly query?: string; readonly token?: string } = {},
): Promise<Answer<Body>> {
  const { query = '', token } = options;
  const response = await fetch(`${url}/api/v1/tasks${query}`, {
    method: 'POST',
    body,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

/** Uploads one small file of text with the filter `keep`; its task's id. */
export async function uploadOne(test: TestGateway, name = 'a.png', token?: string): Promise<string> {
  const form = formOf({ filter: 'keep', batch: 'b1' }, { [name]: `bytes of ${name}` });
  const { body } = await upload(test, form, token === undefined ? {} : { token });
  const id = body.files[0]?.task;
  if (id === undefined) throw new Error(`The file was not taken: ${JSON.stringify(body)}`);
  return id;
}
