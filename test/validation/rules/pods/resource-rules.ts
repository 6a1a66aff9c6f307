import type { Change } from '../../change.js';
import type { Rule } from '../../rule.js';
import { negative } from '../format-messages.js';

const resources = 'spec.containers[0].resources';

interface Requirements {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

const having = (requirements: Requirements): Change => ({ [resources]: requirements });

const amounts = (rule: string, accepted: Requirements, refused: Requirements, ...errors: string[]): Rule => ({
  rule,
  accepted: having(accepted),
  refused: having(refused),
  errors: errors.map((error) => `${resources}${error}`),
});

const claimed = (claims: readonly object[]): Change => ({
  'spec.resourceClaims': [{ name: 'gpu', resourceClaimName: 'gpu' }],
  [`${resources}.claims`]: claims,
});

/** What containers ask for and are allowed. What is only limited is asked for, too. */
export const resourceRules: readonly Rule[] = [
  amounts(
    'a limit is of a known resource or of one with a domain',
    { limits: { 'a.b/c': '1' } },
    { limits: { gpu: '1' } },
    '.limits[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
    '.limits[gpu]: Invalid value: "gpu": must be a standard resource for containers',
    '.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
    '.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers',
  ),
  amounts(
    'a limit is of what containers have',
    { limits: { 'ephemeral-storage': '1' } },
    { limits: { pods: '1' } },
    '.limits[pods]: Invalid value: "pods": must be a standard resource for containers',
    '.requests[pods]: Invalid value: "pods": must be a standard resource for containers',
  ),
  amounts(
    'a limit is not negative',
    { limits: { cpu: '0' } },
    { limits: { cpu: '-1' } },
    `.limits[cpu]: Invalid value: "-1": ${negative}`,
    `.requests[cpu]: Invalid value: "-1": ${negative}`,
  ),
  amounts(
    'a request is not negative',
    { requests: { memory: '0' } },
    { requests: { memory: '-1' } },
    `.requests[memory]: Invalid value: "-1": ${negative}`,
  ),
  amounts(
    'things are counted in whole numbers',
    { limits: { 'a.b/c': '2' } },
    { limits: { 'a.b/c': '500m' } },
    '.limits[a.b/c]: Invalid value: "500m": must be an integer',
    '.requests[a.b/c]: Invalid value: "500m": must be an integer',
  ),
  amounts(
    'a request is at most the limit',
    { requests: { cpu: '1' }, limits: { cpu: '1000m' } },
    { requests: { cpu: '2' }, limits: { cpu: '1' } },
    '.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
  ),
  amounts(
    'what cannot be overcommitted is asked for as it is limited',
    { requests: { 'a.b/c': '2' }, limits: { 'a.b/c': '2' } },
    { requests: { 'a.b/c': '1' }, limits: { 'a.b/c': '2' } },
    '.requests: Invalid value: "1": must be equal to a.b/c limit of 2',
  ),
  amounts(
    'what cannot be overcommitted has a limit',
    { limits: { 'a.b/c': '1' } },
    { requests: { 'a.b/c': '1' } },
    '.limits: Required value: Limit must be set for non overcommitable resources',
  ),
  amounts(
    'huge pages come with cpu or memory',
    { limits: { 'hugepages-2Mi': '4Mi', memory: '1Gi' } },
    { limits: { 'hugepages-2Mi': '4Mi' } },
    ': Forbidden: HugePages require cpu or memory',
  ),
  amounts(
    'huge pages are whole',
    { limits: { 'hugepages-2Mi': '2Mi', cpu: '1' } },
    { limits: { 'hugepages-2Mi': '3Mi', cpu: '1' } },
    '.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
    '.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
  ),
  {
    rule: 'a claim that is used has a name',
    accepted: claimed([{ name: 'gpu' }]),
    refused: claimed([{ name: '' }]),
    errors: [`${resources}.claims[0]: Required value`],
  },
  {
    rule: 'a claim is used once',
    accepted: claimed([
      { name: 'gpu', request: 'a' },
      { name: 'gpu', request: 'b' },
    ]),
    refused: claimed([{ name: 'gpu' }, { name: 'gpu' }]),
    errors: [`${resources}.claims[1]: Duplicate value: "gpu"`],
  },
  {
    rule: 'a claim that is used is one of the pod',
    accepted: claimed([{ name: 'gpu' }]),
    refused: claimed([{ name: 'npu' }]),
    errors: [`${resources}.claims[0]: Not found: "npu": must be one of the names in pod.spec.resourceClaims: gpu`],
  },
];
