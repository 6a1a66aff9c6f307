import type { Json, KubeObject, Status } from '@keelson/machinery';
import { expect } from 'vitest';
import type { TestApiServer, Told } from './test-api-server.js';

export const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

export const failure = ({ code, body }: Told) =>
  `${code} ${(body as unknown as Status).reason ?? ''}: ${(body as unknown as Status).message}`;
export const object = <T extends object>({ body }: Told) => body as unknown as KubeObject & T;

/** A schema that knows of nothing and keeps everything. */
export const free = { schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } };

export function definition(group: string, kind: string, spec: object, names: object = {}): KubeObject {
  const plural = `${kind.toLowerCase()}s`;
  return {
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, kind, ...names },
      versions: [{ name: 'v1', served: true, storage: true, ...free }],
      ...spec,
    },
  } as KubeObject;
}

export async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
  }
}

type Conditions = { status: { conditions: { type: string; status: string; reason: string; message: string }[] | null } };

/** What tests of definitions ask an administrator's client for. `server`: once it runs. */
export function definitionClient(server: () => TestApiServer) {
  const send = (method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<Told> =>
    server().ask(path, { method, headers: { authorization: 'Bearer admin', ...headers }, ...(body && { body: body as Json }) });

  /** Waits until a definition has a condition for this reason. */
  async function condition(name: string, type: string, reason: string): Promise<string> {
    const found = ({ body }: Told) => (body as unknown as Conditions).status.conditions?.find((one) => one.type === type);
    const told = await until(
      () => send('GET', `${definitions}/${name}`),
      (one) => found(one)?.reason === reason,
    );
    return `${found(told)?.status}: ${found(told)?.message}`;
  }

  async function established(made: KubeObject): Promise<void> {
    expect((await send('POST', definitions, made)).code).toBe(201);
    await condition(made.metadata.name ?? '', 'Established', 'InitialNamesAccepted');
  }

  return { send, condition, established };
}
