import type { flowcontrol } from '@keelson/schema';
import type { MandatoryFlowControl } from '../flow-control.js';

type Schema = flowcontrol.v1.FlowSchema;
type Level = flowcontrol.v1.PriorityLevelConfiguration;
type Limited = flowcontrol.v1.LimitedPriorityLevelConfiguration;

const ANY = ['*'];
const everything = [{ verbs: ANY, apiGroups: ANY, resources: ANY, clusterScope: true, namespaces: ANY }];
const everyPath = [{ verbs: ANY, nonResourceURLs: ANY }];

export interface SchemaOptions {
  readonly precedence?: number;
  /** By name; everybody when absent. */
  readonly users?: readonly string[];
  readonly resources?: readonly string[];
  readonly paths?: readonly string[];
  readonly flowsBy?: string;
}

/** A schema for everything, or for what `options` says. */
export function schema(
  name: string,
  level: string,
  { precedence = 1000, users = ANY, resources, paths, flowsBy }: SchemaOptions = {},
): Schema {
  const subjects = users.map((user) => ({ kind: 'User', user: { name: user } }));
  const [of = everything[0]] = everything;
  const resourceRules = paths === undefined ? [{ ...of, resources: [...(resources ?? ANY)] }] : [];
  const nonResourceRules = resources === undefined ? (paths === undefined ? everyPath : [{ verbs: ANY, nonResourceURLs: [...paths] }]) : [];
  return {
    metadata: { name, uid: `uid-of-${name}`, generation: 1 },
    spec: {
      priorityLevelConfiguration: { name: level },
      matchingPrecedence: precedence,
      ...(flowsBy !== undefined && { distinguisherMethod: { type: flowsBy } }),
      rules: [{ subjects, resourceRules, nonResourceRules } as flowcontrol.v1.PolicyRulesWithSubjects],
    },
    status: {},
  };
}

/** A level whose requests wait, or are refused where `queuing` is null. */
export function limited(
  name: string,
  nominalConcurrencyShares: number,
  queuing: Partial<flowcontrol.v1.QueuingConfiguration> | null = {},
  more: Partial<Limited> = {},
): Level {
  const limitResponse =
    queuing === null ? { type: 'Reject' } : { type: 'Queue', queuing: { queues: 16, handSize: 4, queueLengthLimit: 50, ...queuing } };
  const spec = { type: 'Limited', limited: { nominalConcurrencyShares, limitResponse, ...more } };
  return { metadata: { name, uid: `uid-of-${name}`, generation: 1 }, spec, status: {} };
}

export function exempt(name = 'exempt'): Level {
  return {
    metadata: { name, uid: `uid-of-${name}`, generation: 1 },
    spec: { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
    status: {},
  };
}

/** What there always is, and what a test adds. */
export function configuration(flowSchemas: readonly Schema[] = [], priorityLevels: readonly Level[] = []): MandatoryFlowControl {
  return {
    flowSchemas: [
      schema('exempt', 'exempt', { precedence: 1, users: ['root'] }),
      schema('catch-all', 'catch-all', { precedence: 10_000, flowsBy: 'ByUser' }),
      ...flowSchemas,
    ],
    priorityLevels: [exempt(), limited('catch-all', 5, null), ...priorityLevels],
  };
}
