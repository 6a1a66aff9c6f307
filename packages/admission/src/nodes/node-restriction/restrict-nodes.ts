import { quote, semanticallyEqual } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { refusedWrite } from '../../refused-write.js';
import { forbiddenLabelChanges } from './node-labels.js';
import type { Restriction } from './restriction.js';

type Node = core.v1.Node;

/** A node writes itself only, and nothing by which it would get what is not meant for it. */
export const restrictNodes: Restriction = (attributes, node) => {
  const { operation, name, object, oldObject } = attributes;
  const refuse = (why: string) => refusedWrite(attributes, why);
  if (name !== node) throw refuse(`node ${quote(node)} is not allowed to modify node ${quote(name)}`);
  if (operation !== 'CREATE' && operation !== 'UPDATE') return;
  const { metadata, spec } = object as Node;
  if (operation === 'CREATE') {
    if (spec.configSource) throw refuse(`node ${quote(node)} is not allowed to create pods with a non-nil configSource`);
    const labels = forbiddenLabelChanges(metadata.labels);
    if (labels.length > 0) throw refuse(`node ${quote(node)} is not allowed to set the following labels: ${labels.join(', ')}`);
    return;
  }
  const old = oldObject as Node;
  // Old kubelets may leave it out.
  if (spec.configSource && !semanticallyEqual(spec.configSource, old.spec.configSource ?? null))
    throw refuse(`node ${quote(node)} is not allowed to update configSource to a new non-nil configSource`);
  if (!semanticallyEqual(spec.taints ?? [], old.spec.taints ?? [])) throw refuse(`node ${quote(node)} is not allowed to modify taints`);
  if (!semanticallyEqual(metadata.ownerReferences ?? [], old.metadata.ownerReferences ?? []))
    throw refuse(`node ${quote(node)} is not allowed to modify ownerReferences`);
  const labels = forbiddenLabelChanges(metadata.labels, old.metadata.labels);
  if (labels.length > 0) throw refuse(`is not allowed to modify labels: ${labels.join(', ')}`);
};
