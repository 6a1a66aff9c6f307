import type { AuthorizationAttributes } from '@keelson/machinery';
import { Instruments, ServerObjects } from '@keelson/server';
import { expect, it } from 'vitest';
import { buildAuthorization } from './build-authorization.js';

function request(groups: readonly string[]): AuthorizationAttributes {
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
    path: '/version',
  };
}

it('counts what each mode decides, not what the masters may', async () => {
  const { authorization, registry } = new Instruments();
  const parts = { objects: new ServerObjects(), metrics: authorization, podCertificates: false };
  const { authorizer } = buildAuthorization({ modes: ['AlwaysDeny', 'AlwaysAllow'] }, parts);
  expect(await authorizer.authorize(request(['system:masters']))).toMatchObject({ decision: 'allow' });
  await authorizer.authorize(request(['devs']));
  let text = '';
  for await (const lines of registry.render()) text += lines;
  const decisions = text.split('\n').filter((line) => line.startsWith('apiserver_authorization_decisions_total') && !line.endsWith(' 0'));
  const who = await buildAuthorization({ modes: ['AlwaysDeny'] }, parts).authorizer.authorize(request(['devs']));
  expect([who.decision, decisions]).toEqual([
    'noOpinion',
    ['apiserver_authorization_decisions_total{type="AlwaysAllow",name="alwaysallow",decision="allowed"} 1'],
  ]);
});
