import { type FieldError, invalidField, path, semanticallyEqual } from '@keelson/machinery';
import { type flowcontrol, internalForm } from '@keelson/schema';

type FlowSchema = flowcontrol.v1.FlowSchema;
type PriorityLevel = flowcontrol.v1.PriorityLevelConfiguration;

const all = ['*'];
const everything = {
  resourceRules: [{ verbs: all, apiGroups: all, resources: all, clusterScope: true, namespaces: all }],
  nonResourceRules: [{ verbs: all, nonResourceURLs: all }],
};

function groups(...names: string[]): { kind: string; group: { name: string } }[] {
  return names.map((name) => ({ kind: 'Group', group: { name } }));
}

/** By name, what the server cannot do without: requests that never wait, and a place for those that nothing else is about. */
export const mandatoryFlowSchemaSpecs: Readonly<Record<string, FlowSchema['spec']>> = {
  exempt: {
    priorityLevelConfiguration: { name: 'exempt' },
    matchingPrecedence: 1,
    rules: [{ subjects: groups('system:masters'), ...everything }],
  },
  'catch-all': {
    priorityLevelConfiguration: { name: 'catch-all' },
    matchingPrecedence: 10_000,
    distinguisherMethod: { type: 'ByUser' },
    rules: [{ subjects: groups('system:unauthenticated', 'system:authenticated'), ...everything }],
  },
};

/** All but that of `exempt`: operators have a say in it. */
export const mandatoryPriorityLevelSpecs: Readonly<Record<string, PriorityLevel['spec']>> = {
  'catch-all': { type: 'Limited', limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } } },
};

function validateMandatory(name: string, spec: object, fixed: Readonly<Record<string, object>>, message: string): FieldError[] {
  if (!Object.hasOwn(fixed, name) || semanticallyEqual(spec, fixed[name])) return [];
  return [invalidField(path('spec'), internalForm(message, spec), `spec of '${name}' must equal the fixed value`)];
}

export function validateMandatorySchema({ metadata, spec }: FlowSchema): FieldError[] {
  return validateMandatory(metadata.name ?? '', spec, mandatoryFlowSchemaSpecs, 'flowcontrol.v1.FlowSchemaSpec');
}

export function validateMandatoryLevel({ metadata, spec }: PriorityLevel): FieldError[] {
  return validateMandatory(metadata.name ?? '', spec, mandatoryPriorityLevelSpecs, 'flowcontrol.v1.PriorityLevelConfigurationSpec');
}
