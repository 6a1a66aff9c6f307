import { ApiError, formatGroupResource, type Initializers, internalError, timeout } from '@keelson/machinery';
import type { StoredObject, WatchHandle } from '@keelson/storage';
import type { InitializerOptions, WriteRequest } from '../pipeline/write-request.js';
import { isUninitialized } from './is-uninitialized.js';

/** A new object once all initializers are through with it. Rejects with the reason of one that gives it up, and when it takes too long. */
export async function whenInitialized(request: WriteRequest, created: StoredObject, { waitMs }: InitializerOptions): Promise<StoredObject> {
  const first = isUninitialized(created) ? initializersOf(request, created) : undefined;
  if (first === undefined) return created;
  const failure = failureOf(first);
  if (failure !== undefined) throw failure;
  const waiting = new Waiting(request, created, waitMs);
  try {
    return await waiting.done;
  } finally {
    waiting.stop();
  }
}

/** What an initializer that gave the object up has said. */
function failureOf({ result }: Initializers): ApiError | undefined {
  if (result === undefined) return undefined;
  return new ApiError(result.code || 500, result.reason ?? '', result.message ?? '', result.details);
}

export function initializersOf({ version }: WriteRequest, object: StoredObject): Initializers | undefined {
  return version.hubObject(object).metadata.initializers;
}

/** Looks at an object until it is initialized, or will not be. */
class Waiting {
  readonly done: Promise<StoredObject>;
  readonly #request: WriteRequest;
  readonly #name: string;
  readonly #timer: NodeJS.Timeout;
  #watch: WatchHandle | undefined;
  #stopped = false;
  #resolve: (object: StoredObject) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(request: WriteRequest, created: StoredObject, waitMs: number) {
    this.#request = request;
    this.#name = request.version.resource.namespaced ? created.path.slice(created.path.indexOf('/') + 1) : created.path;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const late = timeout(`request did not complete within requested timeout ${waitMs / 1000}s`);
    this.#timer = setTimeout(() => this.#reject(late), waitMs).unref();
    request.signal.addEventListener('abort', () => this.#reject(request.signal.reason), { once: true });
    this.#begin(created);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#watch?.stop();
  }

  #begin({ path, revision }: StoredObject): void {
    const sink = {
      event: ({ type, object }: { readonly type: string; readonly object: StoredObject }) => this.#see(object, type === 'DELETED'),
      bookmark: () => undefined,
      end: (error?: Error) => this.#reject(error ?? this.#endless()),
    };
    this.#request.version.resource.store.watch({ path, exact: true }, { from: { after: revision } }, sink).then(
      (watch) => {
        this.#watch = watch;
        if (this.#stopped) watch.stop();
      },
      (error: unknown) => this.#reject(error),
    );
  }

  #see(object: StoredObject, deleted: boolean): void {
    const initializers = initializersOf(this.#request, object);
    const failure = initializers && failureOf(initializers);
    if (failure !== undefined) this.#reject(failure);
    else if (deleted) this.#reject(internalError(new Error('object deleted while waiting for creation')));
    else if (initializers === undefined) this.#resolve(object);
  }

  /** The store has ended the watch. */
  #endless(): ApiError {
    const what = `${formatGroupResource(this.#request.version.groupResource)} ${this.#name}`;
    return timeout(`server has timed out waiting for the initialization of ${what}`);
  }
}
