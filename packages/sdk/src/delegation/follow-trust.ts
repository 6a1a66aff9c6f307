import { type ClusterAuthentication, publishedAuthentication } from '@keelson/controllers';
import type { Following, GroupVersionResource, KubeObject, Log } from '@keelson/machinery';
import type { RemoteObjects } from '../cluster/remote-objects.js';

const CONFIG_MAPS: GroupVersionResource = { group: '', version: 'v1', resource: 'configmaps' };

interface ConfigMap extends KubeObject {
  readonly data?: Record<string, string>;
}

/** Follows how the cluster's servers know users: its ConfigMap `kube-system/extension-apiserver-authentication`. */
export function followTrust(objects: RemoteObjects, use: (published: ClusterAuthentication) => void, log: Log): Following {
  return objects.followOne<ConfigMap>(CONFIG_MAPS, 'kube-system', 'extension-apiserver-authentication', {
    set({ data = {} }) {
      try {
        use(publishedAuthentication(data));
      } catch (error) {
        log.error('how the cluster knows users cannot be read; what was known before holds', { error });
      }
    },
    // Whoever takes it away takes nobody's trust away: a server makes it again.
    delete: () => undefined,
  });
}
