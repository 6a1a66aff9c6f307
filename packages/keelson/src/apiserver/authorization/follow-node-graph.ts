import { NodeGraph } from '@keelson/auth';
import type { ObjectAccess } from '@keelson/machinery';

/** A graph that is as the stored objects are. */
export function followNodeGraph(objects: ObjectAccess): NodeGraph {
  const graph = new NodeGraph();
  objects.follow({ group: '', version: 'v1', resource: 'pods' }, graph.pods);
  objects.follow({ group: '', version: 'v1', resource: 'persistentvolumes' }, graph.volumes);
  objects.follow({ group: 'storage.k8s.io', version: 'v1', resource: 'volumeattachments' }, graph.volumeAttachments);
  objects.follow({ group: 'resource.k8s.io', version: 'v1', resource: 'resourceslices' }, graph.resourceSlices);
  objects.follow({ group: 'certificates.k8s.io', version: 'v1alpha1', resource: 'podcertificaterequests' }, graph.podCertificateRequests);
  return graph;
}
