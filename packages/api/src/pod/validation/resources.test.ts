import { describe, expect, it } from 'vitest';
import { containerProblems, podProblems } from '../../testing/pod-problems.js';

const claims = [{ name: 'gpu', resourceClaimName: 'r' }];

describe('resources of a container', () => {
  it.each<[string, object, string[]]>([
    [
      'of all sorts',
      {
        limits: { cpu: '1', memory: '1Gi', 'hugepages-2Mi': '4Mi', 'example.com/gpu': '2' },
        requests: { cpu: '500m', 'hugepages-2Mi': '4Mi', 'example.com/gpu': '2' },
      },
      [],
    ],
    [
      'of a sort that is none',
      { limits: { disk: '1' } },
      [
        'limits[disk]: Invalid value: "disk": must be a standard resource type or fully qualified',
        'limits[disk]: Invalid value: "disk": must be a standard resource for containers',
      ],
    ],
    [
      'of a sort that containers do not have',
      { limits: { pods: '1' } },
      ['limits[pods]: Invalid value: "pods": must be a standard resource for containers'],
    ],
    [
      'of a sort that is asked for twice over',
      { limits: { 'requests.a.b/c': '1' } },
      ['limits[requests.a.b/c]: Invalid value: "requests.a.b/c": doesn\'t follow extended resource name standard'],
    ],
    ['less than nothing', { limits: { cpu: '-1' } }, ['limits[cpu]: Invalid value: "-1": must be greater than or equal to 0']],
    ['parts of what is counted', { limits: { 'a.b/c': '500m' } }, ['limits[a.b/c]: Invalid value: "500m": must be an integer']],
    [
      'more than allowed',
      { limits: { memory: '1Gi' }, requests: { memory: '2Gi' } },
      ['requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi'],
    ],
    [
      'less than allowed of what cannot be shared',
      { limits: { 'a.b/c': '2' }, requests: { 'a.b/c': '1' } },
      ['requests: Invalid value: "1": must be equal to a.b/c limit of 2'],
    ],
    [
      'no limit of what cannot be shared',
      { requests: { 'a.b/c': '1' } },
      ['limits: Required value: Limit must be set for non overcommitable resources'],
    ],
    [
      'parts of a huge page, and nothing else',
      { limits: { 'hugepages-2Mi': '3Mi' } },
      [
        'limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
        ': Forbidden: HugePages require cpu or memory',
      ],
    ],
  ])('%s', (_title, resources, problems) => {
    const expected = problems.map((text) => (text.startsWith(':') ? `resources${text}` : `resources.${text}`));
    expect(containerProblems({ resources })).toEqual(expected);
  });

  it.each<[string, object[], string[]]>([
    ['a claim', [{ name: 'gpu' }], []],
    [
      'parts of a claim',
      [
        { name: 'gpu', request: 'a' },
        { name: 'gpu', request: 'b' },
      ],
      [],
    ],
    ['nothing', [{ name: '' }], ['[0]: Required value']],
    ['a claim twice', [{ name: 'gpu' }, { name: 'gpu' }], ['[1]: Duplicate value: "gpu"']],
    [
      'a part of a claim twice',
      [
        { name: 'gpu', request: 'a' },
        { name: 'gpu', request: 'a' },
      ],
      ['[1]: Duplicate value: "gpu/a"'],
    ],
    ['a part of a claim and all of it', [{ name: 'gpu', request: 'a' }, { name: 'gpu' }], ['[1]: Duplicate value: "gpu"']],
    ['a claim that the pod has not', [{ name: 'x' }], ['[0]: Not found: "x": must be one of the names in pod.spec.resourceClaims: gpu']],
  ])('claims: %s', (_title, used, problems) => {
    const expected = problems.map((text) => `resources.claims${text}`);
    expect(containerProblems({ resources: { claims: used } }, { resourceClaims: claims })).toEqual(expected);
  });

  it('claims nothing of a pod without claims', () => {
    expect(containerProblems({ resources: { claims: [{ name: 'x' }] } })).toEqual([
      'resources.claims[0]: Not found: "x": must be one of the names in pod.spec.resourceClaims which is empty',
    ]);
  });
});

describe('resources of a pod as a whole', () => {
  const containers = [{ name: 'c', image: 'i', resources: { limits: { cpu: '2' }, requests: { cpu: '2' } } }];

  it.each<[string, object, string[]]>([
    ['enough', { limits: { cpu: '3' }, requests: { cpu: '2' } }, []],
    [
      'too little',
      { limits: { cpu: '1' }, requests: { cpu: '1' } },
      [
        'resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2',
        'resources.containers[0][cpu].limits: Invalid value: "2": must be less than or equal to pod limits of 1',
      ],
    ],
    [
      'what only containers have',
      { limits: { 'ephemeral-storage': '1' }, requests: { cpu: '2' }, claims: [] },
      ['resources.limits[ephemeral-storage]: Unsupported value: "ephemeral-storage": supported values: "cpu", "hugepages-", "memory"'],
    ],
    [
      'claims',
      { requests: { cpu: '2' }, claims: [{ name: 'gpu' }] },
      ['resources.claims: Forbidden: claims may not be set for Resources at pod-level'],
    ],
  ])('%s', (_title, resources, problems) => {
    expect(podProblems({ containers, resources, resourceClaims: claims })).toEqual(problems);
  });
});

describe('claims of a pod', () => {
  const shown = (name: string | null, template: string | null) =>
    `{"Name":"a","ResourceClaimName":${JSON.stringify(name)},"ResourceClaimTemplateName":${JSON.stringify(template)}}`;

  it.each<[string, object[], string[]]>([
    ['from a template', [{ name: 'a', resourceClaimTemplateName: 't' }], []],
    ['without a name', [{ name: '', resourceClaimName: 'r' }], ['[0].name: Required value']],
    [
      'of one name',
      [
        { name: 'a', resourceClaimName: 'r' },
        { name: 'a', resourceClaimName: 's' },
      ],
      ['[1].name: Duplicate value: "a"'],
    ],
    [
      'of two sources',
      [{ name: 'a', resourceClaimName: 'r', resourceClaimTemplateName: 't' }],
      [`[0]: Invalid value: ${shown('r', 't')}: at most one of \`resourceClaimName\` or \`resourceClaimTemplateName\` may be specified`],
    ],
    [
      'of none',
      [{ name: 'a' }],
      [`[0]: Invalid value: ${shown(null, null)}: must specify one of: \`resourceClaimName\`, \`resourceClaimTemplateName\``],
    ],
  ])('%s', (_title, resourceClaims, problems) => {
    expect(podProblems({ resourceClaims })).toEqual(problems.map((text) => `resourceClaims${text}`));
  });
});
