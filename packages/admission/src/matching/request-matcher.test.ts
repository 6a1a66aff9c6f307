import type { AdmissionAttributes, KubeObject, ObjectLabelSelector, ServedVersion } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { attributes, namespaces, pods, served, type Target, target } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { NamespaceLabels } from './namespace-labels.js';
import { type MatchCriteria, RequestMatcher } from './request-matcher.js';
import type { Rule } from './rule.js';

const known: KubeObject[] = [{ metadata: { name: 'a', labels: { team: 'x' } } }, { metadata: { name: 'b' } }];

function matcher(criteria: Partial<MatchCriteria>, cached = known): RequestMatcher {
  const { objects } = hostOf({ namespaces: cached });
  const all: ObjectLabelSelector = {};
  return new RequestMatcher(
    { rules: [everything], matchPolicy: 'Exact', namespaceSelector: all, objectSelector: all, ...criteria },
    NamespaceLabels.of(objects),
  );
}

const everything: Rule = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'] };
const about = (apiGroup: string, resource: string, ...resourceNames: string[]): Rule => ({
  ...everything,
  apiGroups: [apiGroup],
  resources: [resource],
  ...(resourceNames.length > 0 && { resourceNames }),
});

const pod = (namespace: string, labels?: Record<string, string>): KubeObject => ({
  metadata: { name: 'p', namespace, ...(labels && { labels }) },
});
const isMeant = async (one: RequestMatcher, request: AdmissionAttributes) => (await one.match(request)) !== undefined;

describe('rules', () => {
  const early: Target = target('extensions', 'Deployment', 'deployments');
  const late: Target = target('apps', 'Deployment', 'deployments');
  const request = (equivalents: readonly ServedVersion[] = [served(late)]) =>
    attributes(early, 'CREATE', pod('a'), { served: served(early, '', equivalents) });

  it('are about the version that the client wrote in', async () => {
    const written = request();
    expect(await matcher({ rules: [about('apps', '*')] }).match(written)).toBeUndefined();
    expect(await matcher({ rules: [about('extensions', '*')] }).match(written)).toBe(written.served);
  });

  it('are about equivalent versions where they may be, and first about the one that was written', async () => {
    const written = request();
    const [equivalent] = written.served.equivalents;
    const equivalently = (...rules: Rule[]) => matcher({ rules, matchPolicy: 'Equivalent' }).match(written);
    expect(await equivalently(about('apps', '*'))).toBe(equivalent);
    expect(await equivalently(about('apps', '*'), about('extensions', '*'))).toBe(written.served);
    expect(await equivalently(about('batch', '*'))).toBeUndefined();
  });

  it('may be about some names only', async () => {
    const named = matcher({ rules: [about('', 'pods', 'x'), about('', 'pods', 'p', 'q')] });
    expect(await isMeant(named, attributes(pods, 'CREATE', pod('a')))).toBe(true);
    expect(await isMeant(named, attributes(pods, 'CREATE', pod('a'), { name: 'other' }))).toBe(false);
  });

  it('mean everything where there are none at all, but for what is excluded', async () => {
    const open = matcher({ rules: undefined, excludeRules: [about('', 'pods')] });
    expect(await isMeant(open, attributes(pods, 'CREATE', pod('a')))).toBe(false);
    const node = attributes(target('', 'Node', 'nodes'), 'CREATE', { metadata: {} });
    expect(await open.match(node)).toBe(node.served);
    expect(await isMeant(matcher({ rules: [] }), node)).toBe(false);
  });
});

describe('selectors', () => {
  const team: ObjectLabelSelector = { matchLabels: { team: 'x' } };

  it.each([
    ['a', true],
    ['b', false],
    ['', true],
  ])('take a request in namespace %j: %s', async (namespace, expected) => {
    expect(await isMeant(matcher({ namespaceSelector: team }), attributes(pods, 'CREATE', pod(namespace)))).toBe(expected);
  });

  it('ask the store for a namespace that the cache has not heard of', async () => {
    const { objects } = hostOf({ namespaces: known });
    const late = NamespaceLabels.of({ ...objects, follow: () => ({ synced: Promise.resolve(), stop: () => undefined }) });
    const criteria = { rules: [everything], matchPolicy: 'Exact', namespaceSelector: team, objectSelector: {} };
    expect(await isMeant(new RequestMatcher(criteria, late), attributes(pods, 'CREATE', pod('a')))).toBe(true);
  });

  it('know the labels that a namespace is to have, and those of one that is deleted', async () => {
    const selecting = matcher({ namespaceSelector: team });
    const namespace = (labels?: Record<string, string>): KubeObject => ({ metadata: { name: 'a', ...(labels && { labels }) } });
    const write = (operation: AdmissionAttributes['operation'], object?: KubeObject) =>
      isMeant(selecting, attributes(namespaces, operation, object, { namespace: 'a' }));
    expect(await write('UPDATE', namespace())).toBe(false);
    expect(await write('CREATE', namespace({ team: 'x' }))).toBe(true);
    expect(await write('DELETE')).toBe(true);
  });

  it('take the object by the labels that it has, or had', async () => {
    const selecting = matcher({ objectSelector: team });
    const update = (now?: string, before?: string) => {
      const labelled = (value?: string) => pod('a', value === undefined ? undefined : { team: value });
      return isMeant(selecting, attributes(pods, 'UPDATE', labelled(now), { oldObject: labelled(before) }));
    };
    expect([await update('x', 'y'), await update('y', 'x'), await update('y'), await update()]).toEqual([true, true, false, false]);
    expect(await isMeant(selecting, attributes(pods, 'CONNECT', undefined))).toBe(false);
  });

  it('refuse what they would have to look at and cannot', async () => {
    const request = attributes(pods, 'CREATE', pod('gone'));
    await expect(matcher({ namespaceSelector: team }).match(request)).rejects.toThrow('namespaces "gone" not found');
    expect(await isMeant(matcher({ namespaceSelector: team, rules: [] }), request)).toBe(false);
    expect(await isMeant(matcher({ namespaceSelector: team, objectSelector: team }), request)).toBe(false);
    const wrong = { matchExpressions: [{ key: 'a', operator: 'Near' }] };
    expect(() => matcher({ objectSelector: wrong }).match(request)).toThrow(
      'Internal error occurred: "Near" is not a valid label selector',
    );
  });
});
