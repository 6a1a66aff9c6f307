import type { audit } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { parseRequestInfo } from '../../filters/request-info.js';
import { Query } from '../../http/query.js';
import { AuditPolicy } from './audit-policy.js';

const alice = { name: 'alice', groups: ['devs', 'all'] };
const infoOf = (url: string, method = 'GET') => parseRequestInfo(method, url, { query: new Query(url.split('?')[1] ?? '') });
const policy = (rules: Partial<audit.v1.PolicyRule>[], rest: Partial<audit.v1.Policy> = {}) =>
  new AuditPolicy({ metadata: {}, ...rest, rules: rules.map((rule) => ({ level: 'Metadata', ...rule })) });
const pods = '/api/v1/namespaces/x/pods';

describe('a rule', () => {
  const resources = (...names: string[]) => ({ resources: [{ group: '', resources: names }] });

  it.each<[Partial<audit.v1.PolicyRule>, readonly string[], readonly string[]]>([
    [{}, [pods, '/healthz'], []],
    [{ users: ['bob', 'alice'] }, [pods], []],
    [{ users: ['bob'] }, [], [pods]],
    [{ userGroups: ['devs'] }, [pods], []],
    [{ userGroups: ['ops'] }, [], [pods]],
    [{ verbs: ['get', 'watch'] }, [`${pods}/a`, `${pods}?watch=1`, '/healthz'], [pods]],
    [{ namespaces: ['x'] }, [pods], ['/api/v1/namespaces/y/pods', '/api/v1/nodes', '/healthz']],
    [{ namespaces: [''] }, ['/api/v1/nodes', '/api/v1/pods'], [pods, '/healthz']],
    [{ resources: [{ group: '' }] }, [pods, '/api/v1/nodes/n/status'], ['/apis/apps/v1/deployments', '/healthz']],
    [{ resources: [{ group: 'apps', resources: ['deployments'] }] }, ['/apis/apps/v1/deployments'], ['/apis/apps/v1/replicasets', pods]],
    [resources('pods'), [pods, `${pods}/a`], [`${pods}/a/log`]],
    [resources('pods/log'), [`${pods}/a/log`], [pods, `${pods}/a/status`]],
    [resources('pods/*'), [`${pods}/a/log`, pods], ['/api/v1/nodes/n/log']],
    [resources('*/status'), [`${pods}/a/status`, '/api/v1/nodes/n/status'], [pods, `${pods}/a/log`]],
    [resources('*'), [pods, `${pods}/a/log`], ['/apis/apps/v1/deployments']],
    [{ resources: [{ group: '', resources: ['pods'], resourceNames: ['a'] }] }, [`${pods}/a`], [`${pods}/b`, pods]],
    [{ nonResourceURLs: ['/healthz', '/metrics*'] }, ['/healthz', '/metrics/slis'], ['/healthz/ping', pods]],
    [{ nonResourceURLs: ['*'] }, ['/healthz', '/'], [pods]],
  ])('%j', (rule, fitting, other) => {
    const ruled = policy([rule]);
    expect(fitting.map((url) => ruled.ruleFor(infoOf(url), alice).level)).toEqual(fitting.map(() => 'Metadata'));
    expect(other.map((url) => ruled.ruleFor(infoOf(url), alice).level)).toEqual(other.map(() => 'None'));
  });

  it('about users fits nobody who is not known', () => {
    const ruled = policy([{ users: ['alice'] }, { userGroups: ['devs'] }, { level: 'Request' }]);
    expect(ruled.ruleFor(infoOf(pods), undefined).level).toBe('Request');
  });
});

describe('a policy', () => {
  it('takes the first rule that fits', () => {
    const ruled = policy([{ level: 'None', verbs: ['list'] }, { level: 'RequestResponse' }]);
    expect([ruled.ruleFor(infoOf(pods), alice).level, ruled.ruleFor(infoOf(`${pods}/a`), alice).level]).toEqual([
      'None',
      'RequestResponse',
    ]);
  });

  it('adds its omissions to those of its rules', () => {
    const ruled = policy([{ verbs: ['list'], omitStages: ['Panic'], omitManagedFields: false }, {}], {
      omitStages: ['RequestReceived'],
      omitManagedFields: true,
    });
    expect(ruled.ruleFor(infoOf(pods), alice)).toEqual({
      level: 'Metadata',
      omittedStages: new Set(['RequestReceived', 'Panic']),
      omitManagedFields: false,
    });
    expect(ruled.ruleFor(infoOf(`${pods}/a`), alice)).toEqual({
      level: 'Metadata',
      omittedStages: new Set(['RequestReceived']),
      omitManagedFields: true,
    });
  });
});
