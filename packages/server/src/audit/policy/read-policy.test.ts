import { describe, expect, it } from 'vitest';
import { readPolicy } from './read-policy.js';

const head = 'apiVersion: audit.k8s.io/v1\nkind: Policy\n';
const read = (text: string) => readPolicy(Buffer.from(text));

describe('readPolicy', () => {
  it('reads YAML and JSON', () => {
    const rules = [{ level: 'None', nonResourceURLs: ['/healthz*'] }, { level: 'Metadata' }];
    const json = JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules, omitStages: ['RequestReceived'] });
    const yaml = `${head}omitStages: [RequestReceived]\nrules:\n- level: None\n  nonResourceURLs: ["/healthz*"]\n- level: Metadata\n`;
    for (const text of [json, yaml]) {
      expect(read(text)).toEqual({ policy: { metadata: {}, rules, omitStages: ['RequestReceived'] } });
    }
  });

  it('takes a policy with unknown fields, and says so', () => {
    const { policy, warning } = read(`${head}rules:\n- level: None\n  resources:\n  - group: a.io\n    verbs: [get]\n`);
    expect(policy.rules).toEqual([{ level: 'None', resources: [{ group: 'a.io' }] }]);
    expect(warning).toBe(
      'Audit policy contains errors, falling back to lenient decoding: strict decoding error: unknown field "rules[0].resources[0].verbs"',
    );
  });

  it.each([
    ['', 'unknown group version field audit.k8s.io/__internal, Kind=Policy in policy'],
    ['rules: []', 'unknown group version field audit.k8s.io/__internal, Kind=Policy in policy'],
    [
      'apiVersion: audit.k8s.io/v1beta1\nkind: Policy',
      'failed decoding: no kind "Policy" is registered for version "audit.k8s.io/v1beta1" in scheme "k8s.io/apiserver/pkg/audit/scheme.go:30"',
    ],
    [`${head}rules: x`, 'failed decoding: json: cannot unmarshal string into Go struct field Policy.rules of type []v1.PolicyRule'],
    [head, 'loaded illegal policy with 0 rules'],
    [`${head}rules: [{}]`, 'rules[0].level: Required value'],
    [
      `${head}rules: [{level: Some}]`,
      'rules[0].level: Unsupported value: "Some": supported values: "None", "Metadata", "Request", "RequestResponse"',
    ],
    [
      `${head}rules: [{level: None, nonResourceURLs: [a, /b*c, "*"]}]`,
      `[rules[0].nonResourceURLs[0]: Invalid value: "a": non-resource URL rules must begin with a '/' character, rules[0].nonResourceURLs[1]: Invalid value: "/b*c": non-resource URL wildcards '*' must be the final character of the rule]`,
    ],
    [
      `${head}rules: [{level: None, resources: [{group: Rbac/v1}]}]`,
      `rules[0].resources.group: Invalid value: "Rbac/v1": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ],
    [
      `${head}rules: [{level: None, resources: [{resourceNames: [a]}]}]`,
      'rules[0].resources.resourceNames: Invalid value: ["a"]: using resourceNames requires at least one resource',
    ],
    [
      `${head}omitStages: [Never]\nrules: [{level: None, omitStages: [Panic, Later]}]`,
      '[omitStages[0]: Invalid value: "Never": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic, rules[0].omitStages[1]: Invalid value: "Later": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic]',
    ],
    [
      `${head}rules: [{level: None, nonResourceURLs: [/a], namespaces: [b]}]`,
      'rules[0].nonResourceURLs: Invalid value: ["/a"]: rules cannot apply to both regular resources and non-resource URLs',
    ],
  ])('refuses %j', (text, message) => {
    expect(() => read(text)).toThrow(new Error(message));
  });
});
