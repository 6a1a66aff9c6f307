import type { AnswerSettings, Handler, KeelsonContext, Layer } from '@keelson/server';
import { proxyRequest } from './proxy/proxy-request.js';
import type { RemoteApiService } from './remote-api-service.js';

/** The first link of the server chain: hands on what extension servers serve, and passes everything else. */
export class AggregatorLayer implements Layer {
  readonly name = 'aggregator';
  readonly #settings: AnswerSettings;
  /** By the root of their paths. */
  readonly #remotes = new Map<string, RemoteApiService>();

  constructor(settings: AnswerSettings) {
    this.#settings = settings;
  }

  set(remote: RemoteApiService): void {
    this.#remotes.set(remote.root, remote);
  }

  delete(remote: RemoteApiService): void {
    if (this.#remotes.get(remote.root) === remote) this.#remotes.delete(remote.root);
  }

  resolve({ state: { info } }: KeelsonContext): Handler | undefined {
    if (this.#remotes.size === 0) return undefined;
    const remote = this.#remotes.get(rootOf(info.path));
    return remote && ((ctx) => proxyRequest(ctx, remote, this.#settings));
  }
}

/** `/apis/<group>/<version>`, `/api/<version>`: the segments that say whose a path is. */
function rootOf(path: string): string {
  const segments = path.split('/', 4);
  return segments.slice(0, segments[1] === 'api' ? 3 : 4).join('/');
}
