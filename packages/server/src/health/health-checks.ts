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

interface NamedCheck {
  readonly name: string;
  readonly check: HealthCheck;
}

const ok: HealthCheck = () => undefined;

/** What is asked of the server's health, by endpoint, in the order in which it was added. */
export class HealthChecks {
  readonly #checks: Readonly<Record<HealthEndpoint, NamedCheck[]>> = { healthz: [], livez: [], readyz: [] };

  constructor() {
    this.add('ping', ok);
    this.add('log', ok);
  }

  add(name: string, check: HealthCheck, endpoints: readonly HealthEndpoint[] = EVERYWHERE): void {
    for (const endpoint of endpoints) this.#checks[endpoint].push({ name, check });
  }

  /** A hook that runs after the start: the server is neither ready nor healthy before it is done. Returns how to say so. */
  addPostStartHook(name: string): () => void {
    let done = false;
    this.add(`poststarthook/${name}`, () => {
      if (!done) throw new Error('not finished');
    });
    return () => {
      done = true;
    };
  }

  names(endpoint: HealthEndpoint): string[] {
    return this.#checks[endpoint].map(({ name }) => name);
  }

  /** Runs all checks but the excluded ones; undefined when `only` names none. */
  async run(endpoint: HealthEndpoint, excluded: ReadonlySet<string>, only?: string): Promise<CheckResult[] | undefined> {
    const checks = only === undefined ? this.#checks[endpoint] : this.#checks[endpoint].filter(({ name }) => name === only);
    if (only !== undefined && checks.length === 0) return undefined;
    return Promise.all(
      checks.map(async ({ name, check }) => ({
        name,
        excluded: excluded.has(name),
        error: excluded.has(name) ? undefined : await outcome(check),
      })),
    );
  }
}

async function outcome(check: HealthCheck): Promise<unknown> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return error ?? new Error('failed');
  }
}
