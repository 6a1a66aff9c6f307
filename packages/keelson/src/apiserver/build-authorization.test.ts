import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthorizationAttributes } from '@keelson/machinery';
import { Instruments, ServerObjects } from '@keelson/server';
import { expect, it } from 'vitest';
import { type AuthorizationParts, buildAuthorization } from './build-authorization.js';
import type { AuthorizationOptions } from './options.js';

const ofModes = (...modes: AuthorizationOptions['modes']): AuthorizationOptions => ({ modes, policyFile: undefined });

function parts({ authorization }: Instruments, warnings: string[] = []): AuthorizationParts {
  const nothing = () => undefined;
  const log = { error: nothing, warn: (text: string) => void warnings.push(text), info: nothing, enabled: () => false };
  return { objects: new ServerObjects(), metrics: authorization, podCertificates: false, log };
}

function request(groups: readonly string[], path = '/version'): AuthorizationAttributes {
  return {
    user: { name: 'u', groups },
    verb: 'get',
    resourceRequest: false,
    apiGroup: '',
    apiVersion: '',
    resource: '',
    subresource: '',
    namespace: '',
    name: '',
    path,
  };
}

it('counts what each mode decides, not what the masters may', async () => {
  const instruments = new Instruments();
  const { authorizer } = buildAuthorization(ofModes('AlwaysDeny', 'AlwaysAllow'), parts(instruments));
  expect(await authorizer.authorize(request(['system:masters']))).toMatchObject({ decision: 'allow' });
  await authorizer.authorize(request(['devs']));
  let text = '';
  for await (const lines of instruments.registry.render()) text += lines;
  const decisions = text.split('\n').filter((line) => line.startsWith('apiserver_authorization_decisions_total') && !line.endsWith(' 0'));
  const who = await buildAuthorization(ofModes('AlwaysDeny'), parts(instruments)).authorizer.authorize(request(['devs']));
  expect([who.decision, decisions]).toEqual([
    'noOpinion',
    ['apiserver_authorization_decisions_total{type="AlwaysAllow",name="alwaysallow",decision="allowed"} 1'],
  ]);
});

it('tells what nodes may do only that it cannot be told', async () => {
  const { rulesFor } = buildAuthorization(ofModes('Node', 'AlwaysAllow'), parts(new Instruments()));
  const everything = {
    resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  };
  const node = { name: 'system:node:n1', groups: ['system:nodes'] };
  const evaluationError = 'node authorizer does not support user rule resolution';
  expect(await rulesFor(node, 'ns')).toEqual({ ...everything, incomplete: true, evaluationError });
  expect(await rulesFor({ name: 'alice', groups: [] }, 'ns')).toEqual({ ...everything, incomplete: false });
});

it('reads the policy file of mode ABAC', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'abac-'));
  try {
    const policyFile = join(dir, 'policy.jsonl');
    await writeFile(policyFile, '{"group":"devs","readonly":true}\n');
    const warnings: string[] = [];
    const { authorizer, rulesFor } = buildAuthorization({ modes: ['ABAC'], policyFile }, parts(new Instruments(), warnings));
    expect(authorizer.authorize(request(['devs']))).toEqual({ decision: 'allow' });
    expect(authorizer.authorize(request(['ops']))).toEqual({ decision: 'noOpinion', reason: 'No policy matched.' });
    expect(await rulesFor({ name: 'u', groups: ['devs'] }, 'ns')).toEqual({
      resourceRules: [{ verbs: ['get', 'list', 'watch'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['get', 'list', 'watch'], nonResourceURLs: ['*'] }],
      incomplete: false,
    });
    expect(warnings).toEqual(['the policy file has lines without apiVersion and kind, which are read as before v1.3']);
  } finally {
    await rm(dir, { recursive: true });
  }
});
