import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReviewWebhook } from '@keelson/auth/testing';
import { type AuthorizationAttributes, defaultFeatures } from '@keelson/machinery';
import { Instruments, ServerObjects } from '@keelson/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FlagError } from '../../flags/flag-error.js';
import type { AuthorizationOptions } from '../options.js';
import type { Authorization } from './authorization.js';
import { buildAuthorization } from './build-authorization.js';

let dir: string;
let instruments: Instruments;
let lines: string[];
const ends: (() => void | Promise<void>)[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'authorization-'));
  instruments = new Instruments();
  lines = [];
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await rm(dir, { recursive: true });
});

async function build(options: Partial<AuthorizationOptions>): Promise<Authorization> {
  const nothing = { configurationFile: undefined, modes: [], policyFile: undefined, webhook: undefined };
  const note = (text: string, fields: { readonly error?: unknown } = {}) =>
    void lines.push(fields.error instanceof Error ? `${text}: ${fields.error.message}` : text);
  const log = { error: note, warn: note, info: (_: number, text: string) => note(text), enabled: () => true };
  const parts = {
    objects: new ServerObjects(),
    metrics: instruments.authorization,
    podCertificates: false,
    features: defaultFeatures,
    log,
  };
  const built = await buildAuthorization({ ...nothing, ...options }, parts);
  ends.push(() => built.close());
  return built;
}

async function file(name: string, content: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, content);
  return path;
}

async function startWebhook(
  ...answer: Parameters<typeof ReviewWebhook.start>
): Promise<{ webhook: ReviewWebhook; kubeConfigFile: string }> {
  const webhook = await ReviewWebhook.start(...answer);
  ends.unshift(() => webhook.close());
  return { webhook, kubeConfigFile: await file('kubeconfig', webhook.kubeconfig) };
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

/** Samples of a metric that are not 0. */
async function samples(metric: string): Promise<string[]> {
  let text = '';
  for await (const part of instruments.registry.render()) text += part;
  return text.split('\n').filter((line) => line.startsWith(`${metric}{`) && !line.endsWith(' 0'));
}

describe('modes', () => {
  it('are counted by what each decides, not by what the masters may', async () => {
    const { authorizer } = await build({ modes: ['AlwaysDeny', 'AlwaysAllow'] });
    expect(await authorizer.authorize(request(['system:masters']))).toEqual({ decision: 'allow' });
    await authorizer.authorize(request(['devs']));
    const who = await (await build({ modes: ['AlwaysDeny'] })).authorizer.authorize(request(['devs']));
    expect([who.decision, await samples('apiserver_authorization_decisions_total')]).toEqual([
      'noOpinion',
      ['apiserver_authorization_decisions_total{type="AlwaysAllow",name="alwaysallow",decision="allowed"} 1'],
    ]);
  });

  it('tell what nodes may do only that it cannot be told', async () => {
    const { rulesFor } = await build({ modes: ['Node', 'AlwaysAllow'] });
    const everything = {
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    };
    const node = { name: 'system:node:n1', groups: ['system:nodes'] };
    const evaluationError = 'node authorizer does not support user rule resolution';
    expect(await rulesFor(node, 'ns')).toEqual({ ...everything, incomplete: true, evaluationError });
    expect(await rulesFor({ name: 'alice', groups: [] }, 'ns')).toEqual({ ...everything, incomplete: false });
  });

  it('read the policy file of mode ABAC', async () => {
    const policyFile = await file('policy.jsonl', '{"group":"devs","readonly":true}\n');
    const { authorizer, rulesFor } = await build({ modes: ['ABAC'], policyFile });
    expect(authorizer.authorize(request(['devs']))).toEqual({ decision: 'allow' });
    expect(authorizer.authorize(request(['ops']))).toEqual({ decision: 'noOpinion', reason: 'No policy matched.' });
    expect(await rulesFor({ name: 'u', groups: ['devs'] }, 'ns')).toEqual({
      resourceRules: [{ verbs: ['get', 'list', 'watch'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['get', 'list', 'watch'], nonResourceURLs: ['*'] }],
      incomplete: false,
    });
    expect(lines).toEqual(['the policy file has lines without apiVersion and kind, which are read as before v1.3']);
    await expect(build({ modes: ['ABAC'], policyFile: await file('wrong.jsonl', '{"user":1}') })).rejects.toThrow(
      new FlagError(
        `invalid authorization config: error reading policy file ${join(dir, 'wrong.jsonl')}, line 1: {"user":1}: json: cannot unmarshal number into Go struct field user of type string`,
      ),
    );
  });

  it('ask the webhook of mode Webhook, known to it by a certificate', async () => {
    const { webhook, kubeConfigFile } = await startWebhook(({ spec }) => ({ allowed: (spec.group as string[]).includes('devs') }));
    const flags = { kubeConfigFile, reviewVersion: 'v1beta1', authorizedTtlMs: 60_000, unauthorizedTtlMs: 60_000 } as const;
    const { authorizer, rulesFor } = await build({ modes: ['Webhook'], webhook: flags });
    expect(await authorizer.authorize(request(['devs']))).toEqual({ decision: 'allow' });
    expect(await authorizer.authorize(request(['ops']))).toEqual({ decision: 'noOpinion' });
    expect(webhook.received.map(({ path, client }) => [path, client])).toEqual([
      ['/review?timeout=30s', 'apiserver'],
      ['/review?timeout=30s', 'apiserver'],
    ]);
    expect(await samples('apiserver_authorization_webhook_evaluations_total')).toEqual([
      'apiserver_authorization_webhook_evaluations_total{name="default",result="success"} 2',
    ]);
    expect((await rulesFor({ name: 'u', groups: [] }, 'ns')).evaluationError).toBe(
      'webhook authorizer does not support user rule resolution',
    );
  });
});

describe('a configuration file', () => {
  const webhook = (name: string, kubeConfigFile: string, more: object = {}) => ({
    type: 'Webhook',
    name,
    webhook: {
      timeout: '3s',
      subjectAccessReviewVersion: 'v1',
      matchConditionSubjectAccessReviewVersion: 'v1',
      failurePolicy: 'Deny',
      connectionInfo: { type: 'KubeConfigFile', kubeConfigFile },
      ...more,
    },
  });
  const configuration = (...authorizers: object[]) =>
    JSON.stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthorizationConfiguration', authorizers });
  const deny = { type: 'AlwaysDeny', name: 'alwaysdeny' };

  it('lists who is asked, about what, and what follows when they cannot be', async () => {
    const { webhook: remote, kubeConfigFile } = await startWebhook((_review, response) => void response.writeHead(403).end('go away'));
    const matchConditions = [{ expression: "has(request.nonResourceAttributes) && request.nonResourceAttributes.path != '/version'" }];
    const configurationFile = await file('authorizers.json', configuration(webhook('guard', kubeConfigFile, { matchConditions }), deny));
    const { authorizer } = await build({ configurationFile });
    expect(await authorizer.authorize(request(['devs']))).toEqual({ decision: 'noOpinion', reason: 'Everything is forbidden.' });
    expect(remote.received).toHaveLength(0);
    expect(await authorizer.authorize(request(['devs'], '/healthz'))).toMatchObject({ decision: 'deny', error: { message: 'go away' } });
    expect(await authorizer.authorize(request(['system:masters'], '/healthz'))).toEqual({ decision: 'allow' });
    expect(await samples('apiserver_authorization_match_condition_exclusions_total')).toEqual([
      'apiserver_authorization_match_condition_exclusions_total{type="Webhook",name="guard"} 1',
    ]);
  });

  it('is followed: webhooks may come and go, and what is wrong is told and not used', async () => {
    const { kubeConfigFile } = await startWebhook(() => ({ allowed: true }));
    const configurationFile = await file('authorizers.json', configuration(deny));
    const built = await build({ configurationFile });
    const decision = async () => (await built.authorizer.authorize(request(['devs']))).decision;
    expect(await decision()).toBe('noOpinion');

    await writeFile(configurationFile, configuration(webhook('guard', kubeConfigFile), deny));
    await built.reload();
    expect(await decision()).toBe('allow');

    for (const wrong of [configuration(webhook('guard', kubeConfigFile)), configuration(deny, { type: 'RBAC', name: 'rbac' }), '{}']) {
      await writeFile(configurationFile, wrong);
      await built.reload();
      await built.reload();
    }
    expect(await decision()).toBe('allow');
    expect(lines).toEqual([
      'reloaded the authorization configuration',
      'cannot reload the authorization configuration: missing required types: [AlwaysDeny]',
      'cannot reload the authorization configuration: authorizer type RBAC is not allowed if it was not enabled at initial server startup',
      "cannot reload the authorization configuration: failed to load AuthorizationConfiguration from file: Object 'Kind' is missing in '{}'",
    ]);
    expect(await samples('apiserver_authorization_config_controller_automatic_reloads_total')).toEqual([
      'apiserver_authorization_config_controller_automatic_reloads_total{status="success"} 1',
      'apiserver_authorization_config_controller_automatic_reloads_total{status="failure"} 3',
    ]);

    await writeFile(configurationFile, configuration(deny));
    await built.reload();
    expect(await decision()).toBe('noOpinion');
  });

  it('is noticed when it is replaced', async () => {
    const { kubeConfigFile } = await startWebhook(() => ({ allowed: true }));
    const configurationFile = await file('authorizers.json', configuration(deny));
    const { authorizer, start } = await bound(build({ configurationFile }));
    start();
    await writeFile(configurationFile, configuration(deny, webhook('guard', kubeConfigFile)));
    await expect.poll(async () => (await authorizer.authorize(request(['devs']))).decision, { timeout: 10_000 }).toBe('allow');
  });

  it('that cannot be used keeps the server from starting', async () => {
    await expect(build({ configurationFile: await file('x.json', configuration()) })).rejects.toThrow(
      new FlagError('authorizers: Required value: at least one authorization mode must be defined'),
    );
    await expect(build({ configurationFile: await file('x.json', configuration({ type: 'ABAC', name: 'abac' })) })).rejects.toThrow(
      new FlagError("authorization-mode ABAC's authorization policy file not passed"),
    );
  });
});

async function bound(built: Promise<Authorization>) {
  const authorization = await built;
  return { authorizer: authorization.authorizer, start: () => authorization.start() };
}
