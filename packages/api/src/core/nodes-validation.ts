import {
  configMapKey,
  dns1123Label,
  dns1123Subdomain,
  duplicate,
  FieldError,
  type FieldPath,
  forbiddenField,
  internalField,
  invalidField,
  labelValue,
  path,
  Quantity,
  qualifiedName,
  required,
} from '@keelson/machinery';
import { type core, internalForm } from '@keelson/schema';
import { parseIpRange } from '../net/ip-range.js';
import { validateCidr } from '../net/ip-validation.js';
import { validateEach } from '../validation/each.js';
import { validateEnumerated } from '../validation/enumerated.js';
import { validateForm } from '../validation/names.js';
import { validateResourceQuantity } from '../validation/resource-quantity.js';

type Node = core.v1.Node;
type Taint = core.v1.Taint;

const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Taints are reported below metadata, where they were annotations once. */
const taintsPath = path('metadata', 'taints');
const cidrsPath = path('spec', 'podCIDRs');

function validateTaint(taint: Taint, i: number, all: readonly Taint[]): FieldError[] {
  const { key, value = '', effect } = taint;
  const at = taintsPath.index(i);
  const errors = validateForm(key, at.child('key'), qualifiedName);
  const valueDetails = labelValue(value);
  if (valueDetails.length > 0) errors.push(invalidField(at.child('value'), value, valueDetails.join(';')));
  errors.push(...validateEnumerated(effect, at.child('effect'), taintEffects));
  if (all.findIndex((other) => other.key === key && other.effect === effect) < i) {
    const shown = internalForm('core.v1.Taint', taint);
    errors.push(new FieldError('FieldValueDuplicate', at, shown, 'taints must be unique by key and effect pair'));
  }
  return errors;
}

function validateResources({ status }: Node): FieldError[] {
  return (['capacity', 'allocatable'] as const).flatMap((list) =>
    Object.entries(status[list] ?? {}).flatMap(([name, text]) =>
      validateResourceQuantity(name, Quantity.parse(text), path('status', list, name)),
    ),
  );
}

/** One range a family. */
function validatePodCidrs({ podCIDRs = [] }: core.v1.NodeSpec): FieldError[] {
  const errors = validateEach(podCIDRs, cidrsPath, (text, here) => validateCidr(text, here));
  if (podCIDRs.length < 2) return errors;
  const families = new Set(podCIDRs.map((text) => parseIpRange(text)?.family));
  const wrong = podCIDRs.findIndex((text) => parseIpRange(text) === undefined);
  if (wrong >= 0) {
    const why = `invalid CIDR[${wrong}]: <nil> (invalid CIDR address: ${podCIDRs[wrong]})`;
    errors.push(internalField(cidrsPath, `invalid PodCIDRs. failed to check with dual stack with error:${why}`));
  }
  if (wrong >= 0 || families.size < 2 || podCIDRs.length > 2) {
    errors.push(invalidField(cidrsPath, podCIDRs, 'may specify no more than one CIDR for each IP family'));
  }
  return errors;
}

type ConfigMapSource = core.v1.ConfigMapNodeConfigSource;

function validateConfigMap(source: ConfigMapSource, at: FieldPath): FieldError[] {
  const forms = { namespace: dns1123Label, name: dns1123Subdomain, kubeletConfigKey: configMapKey };
  return (Object.keys(forms) as (keyof typeof forms)[]).flatMap((field) =>
    source[field] === '' ? [required(at.child(field), `${field} must be set`)] : validateForm(source[field], at.child(field), forms[field]),
  );
}

/** Where a kubelet's configuration is said to be; nothing follows it any more. */
function validateConfigSource(
  source: core.v1.NodeConfigSource | undefined,
  at: FieldPath,
  validateVersion: (map: ConfigMapSource, at: FieldPath) => FieldError[],
): FieldError[] {
  if (source === undefined) return [];
  const { configMap } = source;
  const here = at.child('configMap');
  if (configMap !== undefined) return [...validateVersion(configMap, here), ...validateConfigMap(configMap, here)];
  return [invalidField(at, internalForm('core.v1.NodeConfigSource', source), 'exactly one reference subfield must be non-nil')];
}

function validateNoVersion(map: ConfigMapSource, at: FieldPath): FieldError[] {
  const set = (['uid', 'resourceVersion'] as const).filter((field) => map[field]);
  return set.map((field) => forbiddenField(at.child(field), `${field} must not be set in spec`));
}

function validateVersion(map: ConfigMapSource, at: FieldPath): FieldError[] {
  const missing = (['uid', 'resourceVersion'] as const).filter((field) => !map[field]);
  return missing.map((field) => required(at.child(field), `${field} must be set in status`));
}

function validateConfig({ spec, status }: Node): FieldError[] {
  const at = path('status', 'config');
  return [
    ...validateConfigSource(spec.configSource, path('spec', 'configSource'), validateNoVersion),
    ...(['assigned', 'active', 'lastKnownGood'] as const).flatMap((field) =>
      validateConfigSource(status.config?.[field], at.child(field), validateVersion),
    ),
  ];
}

/** What may be set once, but not changed. */
function validateSetOnce({ spec }: Node, { spec: old }: Node): FieldError[] {
  const errors: FieldError[] = [];
  const [before, now] = [old.podCIDRs ?? [], spec.podCIDRs ?? []];
  const changes = before.length > 0 && before.length !== now.length ? 1 : before.filter((cidr, i) => cidr !== now[i]).length;
  for (let i = 0; i < changes; i++) {
    errors.push(forbiddenField(cidrsPath, 'node updates may not change podCIDR except from "" to valid'));
  }
  if (old.providerID && old.providerID !== spec.providerID) {
    errors.push(forbiddenField(path('spec', 'providerID'), 'node updates may not change providerID except from "" to valid'));
  }
  return errors;
}

function validateAddresses({ addresses = [] }: core.v1.NodeStatus): FieldError[] {
  return addresses.flatMap((one, i) => {
    const isRepeated = addresses.findIndex(({ type, address }) => type === one.type && address === one.address) < i;
    return isRepeated ? [duplicate(path('status', 'addresses').index(i), internalForm('core.v1.NodeAddress', one))] : [];
  });
}

/** What is looked at whenever a node, or its status, is changed. */
export function validateNodeChange(node: Node, old: Node): FieldError[] {
  const externalIdChanged = (node.spec.externalID ?? '') !== (old.spec.externalID ?? '');
  return [
    ...validateResources(node),
    ...validateAddresses(node.status),
    ...validateSetOnce(node, old),
    ...validateConfig(node),
    ...(node.spec.taints ?? []).flatMap(validateTaint),
    ...(externalIdChanged ? [forbiddenField(path('spec', 'externalID'), 'may not be updated')] : []),
  ];
}

/** On an update taints and resources are looked at twice, and every finding is reported twice. */
export function validateNode(node: Node, old: Node | undefined): FieldError[] {
  const found = [...(node.spec.taints ?? []).flatMap(validateTaint), ...validateResources(node), ...validatePodCidrs(node.spec)];
  return old === undefined ? found : [...found, ...validateNodeChange(node, old)];
}
