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

export const mandatoryPriorityLevelSpecs: Readonly<Record<string, PriorityLevel['spec']>> = {
  exempt: { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
  'catch-all': { type: 'Limited', limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } } },
};

export function validateMandatorySchema({ metadata: { name = '' }, spec }: FlowSchema): FieldError[] {
  if (!Object.hasOwn(mandatoryFlowSchemaSpecs, name) || semanticallyEqual(spec, mandatoryFlowSchemaSpecs[name])) return [];
  return [invalidField(path('spec'), internalForm('flowcontrol.v1.FlowSchemaSpec', spec), `spec of '${name}' must equal the fixed value`)];
}

export function validateMandatoryLevel({ metadata: { name = '' }, spec }: PriorityLevel): FieldError[] {
  const isExempt = name === 'exempt';
  const fixed = Object.hasOwn(mandatoryPriorityLevelSpecs, name) ? mandatoryPriorityLevelSpecs[name] : undefined;
  // Operators have a say in what stands under `exempt`.
  if (fixed === undefined || semanticallyEqual(isExempt ? { ...spec, exempt: fixed.exempt } : spec, fixed)) return [];
  const shown = internalForm('flowcontrol.v1.PriorityLevelConfigurationSpec', spec);
  const which = isExempt ? " except the 'spec.exempt' field" : '';
  return [invalidField(path('spec'), shown, `spec of '${name}'${which} must equal the fixed value`)];
}
