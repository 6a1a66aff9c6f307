import { readCertificateRequest } from '@keelson/machinery';
import type { certificates, resource } from '@keelson/schema';
import { refusedWrite } from '../../refused-write.js';
import type { Restriction } from './restriction.js';

const LEASE_NAMESPACE = 'kube-node-lease';
const KUBELET_SIGNERS = new Set(['kubernetes.io/kubelet-serving', 'kubernetes.io/kube-apiserver-client-kubelet']);

/** The lease by which a node shows that it is alive has its name. */
export const restrictLeases: Restriction = (attributes, node) => {
  if (attributes.namespace !== LEASE_NAMESPACE)
    throw refusedWrite(attributes, `can only access leases in the "${LEASE_NAMESPACE}" system namespace`);
  if (attributes.name !== node) throw refusedWrite(attributes, 'can only access node lease with the same name as the requesting node');
};

export const restrictCsiNodes: Restriction = (attributes, node) => {
  if (attributes.name !== node) throw refusedWrite(attributes, 'can only access CSINode with the same name as the requesting node');
};

/** The authorizer knows which slices are of which node, but not those that are being made or deleted together. */
export const restrictResourceSlices: Restriction = (attributes, node) => {
  const { operation, object, oldObject } = attributes;
  if (operation !== 'CREATE' && operation !== 'DELETE') return;
  const slice = (operation === 'CREATE' ? object : oldObject) as resource.v1.ResourceSlice | undefined;
  if (slice?.spec.nodeName !== node)
    throw refusedWrite(attributes, `can only ${operation.toLowerCase()} ResourceSlice with the same NodeName as the requesting node`);
};

/** A node asks for certificates of kubelets in its own name only. */
export const restrictSigningRequests: Restriction = (attributes, node, { features }) => {
  if (attributes.operation !== 'CREATE' || features.get('AllowInsecureKubeletCertificateSigningRequests')) return;
  const { signerName, request } = (attributes.object as certificates.v1.CertificateSigningRequest).spec;
  if (!KUBELET_SIGNERS.has(signerName)) return;
  const asked = readCertificateRequest(Buffer.from(request ?? '', 'base64').toString());
  if (asked === undefined) throw refusedWrite(attributes, 'unable to parse csr: PEM block type must be CERTIFICATE REQUEST');
  if (asked.commonNames.at(-1) !== `system:node:${node}`)
    throw refusedWrite(attributes, `can only create a node CSR with CN=system:node:${node}`);
};
