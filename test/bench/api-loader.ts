import { HttpLane } from './http-lane.js';
import { httpRequest, type RequestParts } from './http-request.js';
import { NAMESPACES, namespaceName, nodeName, podLabels, podManifest, podName, podPath, podStatus } from './pod-fixture.js';

const LANES = 32;

/** Makes pods through the API: created as a controller does, then their status as a kubelet reports it. */
export class ApiLoader {
  constructor(
    private readonly url: URL,
    private readonly token: string,
  ) {}

  async createNamespaces(): Promise<void> {
    const lane = await HttpLane.open(this.url);
    for (const name of ['bench-create', ...Array.from({ length: NAMESPACES }, (_, index) => namespaceName(index))]) {
      await this.#ask(lane, { method: 'POST', path: '/api/v1/namespaces', body: JSON.stringify({ metadata: { name } }) });
    }
    lane.close();
  }

  async createPods(count: number, onProgress: (done: number) => void): Promise<void> {
    let next = 0;
    const work = async (lane: HttpLane) => {
      for (let index = next++; index < count; index = next++) {
        await this.#createPod(lane, index);
        if (index % 1000 === 999) onProgress(index + 1);
      }
      lane.close();
    };
    const lanes = await Promise.all(Array.from({ length: Math.min(LANES, count) }, () => HttpLane.open(this.url)));
    await Promise.all(lanes.map(work));
  }

  async #createPod(lane: HttpLane, index: number): Promise<void> {
    const manifest = podManifest(namespaceName(index), podName(index), podLabels(index), nodeName(index));
    await this.#ask(lane, { method: 'POST', path: `/api/v1/namespaces/${namespaceName(index)}/pods`, body: JSON.stringify(manifest) });
    await this.#ask(lane, {
      method: 'PATCH',
      path: `${podPath(index)}/status?fieldManager=kubelet`,
      contentType: 'application/strategic-merge-patch+json',
      body: JSON.stringify({ status: podStatus(index) }),
    });
  }

  /** 409 is fine: it is there from an earlier run. */
  async #ask(lane: HttpLane, request: Omit<RequestParts, 'token'>): Promise<void> {
    const { status, body } = await lane.ask(httpRequest({ ...request, token: this.token }), 500);
    if (status >= 300 && status !== 409) throw new Error(`${request.method} ${request.path}: ${status} ${body}`);
  }
}
