import { describe, expect, it } from 'vitest';
import { readAbacPolicies } from './read-abac-policies.js';

const read = (...lines: string[]) => readAbacPolicies('/etc/policy.jsonl', lines.join('\n'));
const v1beta1 = (spec: object) => JSON.stringify({ apiVersion: 'abac.authorization.kubernetes.io/v1beta1', kind: 'Policy', spec });
const nothing = { user: '', group: '', readonly: false, apiGroup: '', namespace: '', resource: '', nonResourcePath: '' };

describe('a policy file', () => {
  it('has a policy a line, and comments', () => {
    const { policies, unversioned } = read(
      '# readers',
      v1beta1({ user: 'alice', namespace: 'ns', resource: 'pods', readonly: true }),
      '',
      `  ${v1beta1({ group: 'devs', apiGroup: 'apps', resource: '*', more: 1 })}`,
      v1beta1({ user: '*', nonResourcePath: '/healthz' }),
    );
    expect(policies).toEqual([
      { ...nothing, user: 'alice', namespace: 'ns', resource: 'pods', readonly: true },
      { ...nothing, group: 'devs', apiGroup: 'apps', resource: '*' },
      { ...nothing, group: 'system:authenticated', nonResourcePath: '/healthz' },
    ]);
    expect(unversioned).toBe(false);
  });

  it.each([
    ['{}', { group: 'system:authenticated', apiGroup: '*', namespace: '*', resource: '*', nonResourcePath: '*' }],
    ['{"user":"bob","readonly":true}', { user: 'bob', readonly: true, apiGroup: '*', namespace: '*', resource: '*', nonResourcePath: '*' }],
    ['{"group":"*","namespace":"ns"}', { group: 'system:authenticated', apiGroup: '*', namespace: 'ns', resource: '*' }],
    ['{"user":"bob","resource":"pods"}', { user: 'bob', apiGroup: '*', namespace: '*', resource: 'pods' }],
    ['{user: bob, namespace: ns}', { user: 'bob', apiGroup: '*', namespace: 'ns', resource: '*' }],
  ])('may be of before v1.3: %s', (line, policy) => {
    expect(read(line)).toEqual({ policies: [{ ...nothing, ...policy }], unversioned: true });
  });

  it.each([
    ['{"apiVersion":"v1","kind":"Policy"}', 'no kind "Policy" is registered for version "v1"'],
    ['{"readonly":"yes"}', 'json: cannot unmarshal string into Go struct field readonly of type bool'],
    [v1beta1({ user: 1 }), 'json: cannot unmarshal number into Go struct field spec.user of type string'],
    ['[]', 'json: cannot unmarshal array into Go struct field  of type struct'],
  ])('is refused as a whole for %s', (line, why) => {
    expect(() => read('', line)).toThrow(new Error(`error reading policy file /etc/policy.jsonl, line 2: ${line}: ${why}`));
  });
});
