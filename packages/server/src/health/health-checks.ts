/** Resolves, or rejects with what is wrong. What is wrong is logged, never told to clients. */
export type HealthCheck = () => Promise<void> | void;

/** `livez`: restart me; `readyz`: send me no requests; `healthz`: the old union of both. */
export type HealthEndpoint = 'healthz' | 'livez' | 'readyz';

export const EVERYWHERE: readonly HealthEndpoint[] = ['healthz', 'livez', 'readyz'];

export interface CheckResult {
  readonly name: string;
  readonly excluded: boolean;
  readonly error: unknown;
}

export type OnResult = (name: string, endpoint: HealthEndpoint, passed: boolean) => void;

interface NamedCheck {
  readonly name: string;
  readonly check: HealthCheck;
}

const ok: HealthCheck = () => undefined;

/** What is asked of the server's health, by endpoint, in the order in which it was added. */
export class HealthChecks {
  readonly #checks: Readonly<Record<HealthEndpoint, NamedCheck[]>> = { healthz: [], livez: [], readyz: [] };

  readonly #onResult: OnResult | undefined;
  readonly #livezGraceEndsMs: number;

  /**
   * `onResult` hears of every check that was run, for metrics. For `livezGraceMs` from now on, hooks that are not done
   * are no reason to restart the server (`--livez-grace-period`).
   */
  constructor(onResult?: OnResult, livezGraceMs = 0) {
    this.#onResult = onResult;
    this.#livezGraceEndsMs = performance.now() + livezGraceMs;
    this.add('ping', ok);
    this.add('log', ok);
  }

  add(name: string, check: HealthCheck, endpoints: readonly HealthEndpoint[] = EVERYWHERE): void {
    for (const endpoint of endpoints) this.#checks[endpoint].push({ name, check });
  }

  /** What takes time after the start: no reason to restart the server before the grace period has passed. */
  addWithGrace(name: string, check: HealthCheck): void {
    this.add(name, check, ['healthz', 'readyz']);
    this.add(name, () => (performance.now() < this.#livezGraceEndsMs ? undefined : check()), ['livez']);
  }

  /** A hook that runs after the start: the server is neither ready nor healthy before it is done. Returns how to say so. */
  addPostStartHook(name: string): () => void {
    let done = false;
    const check = () => {
      if (!done) throw new Error('not finished');
    };
    this.addWithGrace(`poststarthook/${name}`, check);
    return () => {
      done = true;
    };
  }

  names(endpoint: HealthEndpoint): string[] {
    return this.#checks[endpoint].map(({ name }) => name);
  }

  /** Runs all checks but the excluded ones, at the same time; results keep their order. */
  run(endpoint: HealthEndpoint, excluded: ReadonlySet<string>): Promise<CheckResult[]> {
    return Promise.all(
      this.#checks[endpoint].map(({ name, check }) =>
        excluded.has(name) ? { name, excluded: true, error: undefined } : result(name, check, endpoint, this.#onResult),
      ),
    );
  }

  /** Undefined when there is no such check. */
  async runOne(endpoint: HealthEndpoint, name: string): Promise<CheckResult | undefined> {
    const found = this.#checks[endpoint].find((one) => one.name === name);
    return found && result(name, found.check, endpoint, this.#onResult);
  }
}

async function result(name: string, check: HealthCheck, endpoint: HealthEndpoint, onResult: OnResult | undefined): Promise<CheckResult> {
  const error = await outcome(check);
  onResult?.(name, endpoint, error === undefined);
  return { name, excluded: false, error };
}

async function outcome(check: HealthCheck): Promise<unknown> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return error ?? new Error('failed');
  }
}
