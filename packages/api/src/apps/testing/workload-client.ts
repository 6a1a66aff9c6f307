import type { KubeObject } from '@keelson/machinery';
import type { TestServer } from '@keelson/server/testing';

export interface Workload extends KubeObject {
  readonly spec: Record<string, unknown>;
  readonly status: Record<string, unknown>;
}

export const labels = { app: 'web' };
export const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'web:1' }] } };
export const selector = { matchLabels: labels };

/** Workloads of one namespace, in whichever version. */
export class WorkloadClient {
  constructor(readonly server: TestServer) {}

  path(apiVersion: string, plural: string, name?: string): string {
    const collection = `/apis/${apiVersion}/namespaces/a/${plural}`;
    return name === undefined ? collection : `${collection}/${name}`;
  }

  async create(apiVersion: string, plural: string, name: string, spec: object): Promise<Workload> {
    const answer = await this.server.client.post(this.path(apiVersion, plural), { metadata: { name }, spec });
    if (answer.code !== 201) throw new Error(answer.failure);
    return answer.json<Workload>();
  }

  async read(apiVersion: string, plural: string, name: string): Promise<Workload> {
    return (await this.server.client.get(this.path(apiVersion, plural, name))).json<Workload>();
  }
}
