/** Of these everything is for nodes to set; of other names in kubernetes.io and k8s.io only those below. */
const KUBELET_NAMESPACES = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
const RESTRICTED_NAMESPACE = 'node-restriction.kubernetes.io';
const KUBERNETES_NAMESPACES = ['kubernetes.io', 'k8s.io'];

const KUBELET_LABELS = new Set([
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/instance-type',
  'beta.kubernetes.io/os',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'kubernetes.io/arch',
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'node.kubernetes.io/instance-type',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
]);

type Labels = Readonly<Record<string, string>>;

/** Labels that differ and that a node may not set, for they would draw workloads to it; sorted. */
export function forbiddenLabelChanges(labels: Labels = {}, old: Labels = {}): string[] {
  const changed = [...new Set([...Object.keys(labels), ...Object.keys(old)])].filter((key) => labels[key] !== old[key]);
  return changed.filter(isForbidden).sort();
}

function isForbidden(key: string): boolean {
  const slash = key.indexOf('/');
  const namespace = slash < 0 ? '' : key.slice(0, slash);
  if (isWithin(namespace, RESTRICTED_NAMESPACE)) return true;
  if (!KUBERNETES_NAMESPACES.some((one) => isWithin(namespace, one))) return false;
  return !KUBELET_LABELS.has(key) && !KUBELET_NAMESPACES.some((one) => isWithin(namespace, one));
}

function isWithin(namespace: string, parent: string): boolean {
  return namespace === parent || namespace.endsWith(`.${parent}`);
}
