import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, type ContextManager, context, ROOT_CONTEXT } from '@opentelemetry/api';

/**
 * Lets the current context follow asynchronous calls. The API takes one manager for the whole process, which is why
 * this is not part of any one `Telemetry`.
 */
class AsyncContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...parameters: A) => ReturnType<F>>(
    active: Context,
    run: F,
    self?: ThisParameterType<F>,
    ...parameters: A
  ): ReturnType<F> {
    return this.#storage.run(active, () => run.apply(self, parameters));
  }

  bind<T>(bound: Context, target: T): T {
    if (typeof target !== 'function') return target;
    const storage = this.#storage;
    return new Proxy(target, {
      apply: (run, self, parameters) => storage.run(bound, () => Reflect.apply(run, self, parameters)),
    });
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.#storage.disable();
    return this;
  }
}

let installed = false;

/** Makes the current context follow asynchronous calls; a manager that the process already has is kept. */
export function followAsyncCalls(): void {
  if (installed) return;
  installed = true;
  context.setGlobalContextManager(new AsyncContextManager());
}

/**
 * Runs `run` in a context that came from elsewhere, such as `extractContext({ traceparent })`, without a span of its
 * own: for a child process that logs within its parent's span and needs no `Telemetry`.
 */
export function runInContext<T>(parent: Context, run: () => T): T {
  followAsyncCalls();
  return context.with(parent, run);
}
