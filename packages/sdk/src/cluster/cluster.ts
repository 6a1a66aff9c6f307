import { KubeClient, type Log, type RemoteAccess } from '@keelson/machinery';
import { clusterAccess } from './cluster-access.js';
import { RemoteObjects } from './remote-objects.js';

/** The cluster that an extension belongs to. */
export class Cluster {
  readonly client: KubeClient;
  readonly objects: RemoteObjects;

  private constructor(
    readonly access: RemoteAccess,
    /** Where this process runs, when it is a pod. */
    readonly namespace: string | undefined,
    log: Log,
  ) {
    this.client = new KubeClient(access);
    this.objects = new RemoteObjects(this.client, log);
  }

  static async open(cluster: string | RemoteAccess | undefined, log: Log): Promise<Cluster> {
    const { access, namespace } = await clusterAccess(cluster);
    return new Cluster(access, namespace, log);
  }

  async close(): Promise<void> {
    await this.objects.stop();
    this.client.close();
  }
}
