import { type AdmissionAttributes, type AdmissionPlugin, nodeNameOf, quote } from '@keelson/machinery';
import type { PluginHost } from '../../plugin-host.js';
import { refusedWrite } from '../../refused-write.js';
import { restrictClaims } from './restrict-claims.js';
import { restrictNodes } from './restrict-nodes.js';
import { restrictCsiNodes, restrictLeases, restrictResourceSlices, restrictSigningRequests } from './restrict-own-objects.js';
import { restrictPodCertificates } from './restrict-pod-certificates.js';
import { restrictPods } from './restrict-pods.js';
import { restrictTokens } from './restrict-tokens.js';
import { type Restriction, RestrictionContext } from './restriction.js';

/** By group and resource. */
const RESTRICTIONS: Readonly<Record<string, Restriction | undefined>> = {
  '/pods': restrictPods,
  '/nodes': restrictNodes,
  '/persistentvolumeclaims': restrictClaims,
  '/serviceaccounts': restrictTokens,
  'coordination.k8s.io/leases': restrictLeases,
  'storage.k8s.io/csinodes': restrictCsiNodes,
  'resource.k8s.io/resourceslices': restrictResourceSlices,
  'certificates.k8s.io/certificatesigningrequests': restrictSigningRequests,
  'certificates.k8s.io/podcertificaterequests': restrictPodCertificates,
};

/** What kubelets may write into the objects that the authorization mode Node lets them write: what is of their own node. */
export class NodeRestriction implements AdmissionPlugin {
  readonly name = 'NodeRestriction';
  readonly #context: RestrictionContext;

  constructor({ objects, authorizer, features }: Pick<PluginHost, 'objects' | 'authorizer' | 'features'>) {
    this.#context = new RestrictionContext(objects, authorizer, features);
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation !== 'CONNECT';
  }

  admit(attributes: AdmissionAttributes): Promise<void> | void {
    const { user, resource } = attributes;
    const node = nodeNameOf(user);
    if (node === undefined) return undefined;
    if (node === '') throw refusedWrite(attributes, `could not determine node from user ${quote(user.name)}`);
    return RESTRICTIONS[`${resource.group}/${resource.resource}`]?.(attributes, node, this.#context);
  }
}
