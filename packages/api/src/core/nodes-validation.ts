import { FieldError, forbiddenField, invalidField, labelValue, notSupported, path, qualifiedName, required } from '@keelson/machinery';
import type { core } from '@keelson/schema';

type Node = core.v1.Node;
type Taint = core.v1.Taint;

const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Taints are reported below metadata, where they were annotations once. */
const taintsPath = path('metadata', 'taints');

function validateTaint(taint: Taint, i: number, all: readonly Taint[]): FieldError[] {
  const { key, value = '', effect } = taint;
  const at = taintsPath.index(i);
  const errors = qualifiedName(key).map((detail) => invalidField(at.child('key'), key, detail));
  errors.push(...labelValue(value).map((detail) => invalidField(at.child('value'), value, detail)));
  if (effect === '') errors.push(required(at.child('effect')));
  else if (!taintEffects.includes(effect)) errors.push(notSupported(at.child('effect'), effect, taintEffects));
  if (all.findIndex((other) => other.key === key && other.effect === effect) < i) {
    const shown = { Key: key, Value: value, Effect: effect, TimeAdded: taint.timeAdded ?? null };
    errors.push(new FieldError('FieldValueDuplicate', at, shown, 'taints must be unique by key and effect pair'));
  }
  return errors;
}

/** What may be set once, but not changed. */
function validateSetOnce(node: Node, old: Node): FieldError[] {
  const errors: FieldError[] = [];
  const cidrs = old.spec.podCIDRs ?? [];
  if (cidrs.length > 0 && cidrs.join() !== (node.spec.podCIDRs ?? []).join()) {
    errors.push(forbiddenField(path('spec', 'podCIDRs'), 'node updates may not change podCIDR except from "" to valid'));
  }
  if (old.spec.providerID && old.spec.providerID !== node.spec.providerID) {
    errors.push(forbiddenField(path('spec', 'providerID'), 'node updates may not change providerID except from "" to valid'));
  }
  return errors;
}

export function validateNode(node: Node, old: Node | undefined): FieldError[] {
  const taints = node.spec.taints ?? [];
  const found = taints.flatMap(validateTaint);
  // On an update the taints are looked at twice, and every finding is reported twice.
  return old === undefined ? found : [...found, ...found, ...validateSetOnce(node, old)];
}
