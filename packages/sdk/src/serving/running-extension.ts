import type { KubeObject } from '@keelson/machinery';
import type { ApiServer } from '@keelson/server';
import type { Cluster } from '../cluster/cluster.js';
import type { Registration } from '../registration/registration.js';
import type { FollowedSource } from '../virtual/followed-source.js';
import type { CertificateRotation } from './certificate-rotation.js';
import type { ExtensionServer } from './extension-server.js';
import type { ServingTls } from './serving-tls.js';

export interface RunningParts {
  readonly server: ApiServer;
  readonly tls: ServingTls;
  readonly rotation: CertificateRotation;
  readonly registration: Registration | undefined;
  readonly sources: readonly FollowedSource<KubeObject>[];
  readonly cluster: Cluster | undefined;
}

/** Stops the parts of an extension in the reverse order of their start. */
export class RunningExtension implements ExtensionServer {
  readonly url: string;
  readonly whenStopped: Promise<void>;
  readonly #parts: RunningParts;
  #begin: (ending: Promise<void>) => void = () => undefined;
  #stopping: Promise<void> | undefined;

  constructor(parts: RunningParts) {
    this.#parts = parts;
    this.url = `https://localhost:${parts.server.listener.address.port}`;
    this.whenStopped = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  get bundle(): string {
    return this.#parts.tls.bundle;
  }

  async whenAvailable(): Promise<void> {
    await this.#parts.registration?.available();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    this.#begin(this.#stopping);
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const { server, rotation, registration, sources, cluster } = this.#parts;
    await rotation.stop();
    // Everything is still served while the cluster learns that it will not be.
    await server.stop(async () => registration?.stop());
    await Promise.all(sources.map((source) => source.stop()));
    await cluster?.close();
  }
}
