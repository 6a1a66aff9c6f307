import { type FieldError, type FieldPath, type GroupResource, invalidField } from '@keelson/machinery';
import { parseResourceRule } from './resource-rule.js';

/** Names of one entry: each of its form, and none masked by another. */
export function validateResources(resources: readonly string[], path: FieldPath): FieldError[] {
  return [...validateOverlap(resources, path), ...resources.flatMap((name, at) => validateName(name, path.index(at)))];
}

function validateOverlap(resources: readonly string[], path: FieldPath): FieldError[] {
  const rules = resources.map(parseResourceRule);
  const pairs = rules.flatMap((one, at) => rules.slice(at + 1).map((other): [GroupResource, GroupResource] => [one, other]));
  const repeated = pairs.some(([one, other]) => isSame(one, other));
  const masked = pairs.some(([one, other]) => !isSame(one, other) && (masks(one, other) || masks(other, one)));
  return [
    ...(repeated ? [invalidField(path, resources, 'the same resource cannot be specified multiple times')] : []),
    ...(masked
      ? [
          invalidField(
            path,
            resources,
            "using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked",
          ),
        ]
      : []),
  ];
}

function isSame(one: GroupResource, other: GroupResource): boolean {
  return one.group === other.group && one.resource === other.resource;
}

function masks(one: GroupResource, other: GroupResource): boolean {
  return one.resource === '*' && (one.group === '*' || one.group === other.group);
}

/** Stored, but not served under these names. */
const withoutApi = new Set(['apiserveripinfo', 'serviceipallocations', 'servicenodeportallocations']);

function validateName(name: string, path: FieldPath): FieldError[] {
  const problem = nameProblem(name, parseResourceRule(name));
  return problem === undefined ? [] : [invalidField(path, name, problem)];
}

function nameProblem(name: string, { group, resource }: GroupResource): string | undefined {
  if (name.toLowerCase() !== name) return 'resource name should not contain capital letters';
  if (name === '*') return "use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources";
  if (withoutApi.has(name)) return 'resources which do not have REST API/s cannot be encrypted';
  if (group === 'events.k8s.io')
    return "'*.events.k8s.io' objects are stored using the 'events' API group in etcd. Use 'events' instead in the config file";
  if (group === 'extensions') return "'extensions' group has been removed and cannot be used for encryption";
  if (group === '*' && resource !== '*') return 'encrypting the same resource across groups is not supported';
  return undefined;
}
