import { readFileSync } from 'node:fs';
import type { flowcontrol } from '@keelson/schema';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { recordings } from '../../../test/recordings.js';
import { mandatoryFlowSchemas, suggestedFlowSchemas } from './flow-control/flow-schemas.js';
import { mandatoryPriorityLevels, suggestedPriorityLevels } from './flow-control/priority-levels.js';
import { FlowControlConfiguration } from './flow-control-configuration.js';
import { fail, startBuiltInServer, storedRevisions } from './testing/built-in-server.js';

afterEach(stopTestServers);

type PriorityLevel = flowcontrol.v1.PriorityLevelConfiguration;
type FlowSchema = flowcontrol.v1.FlowSchema;

const root = '/apis/flowcontrol.apiserver.k8s.io/v1';

async function runOnce({ api }: TestServer): Promise<void> {
  const controller = new FlowControlConfiguration(api.loopback, fail);
  await controller.start();
  await controller.stop();
}

async function read<T>({ client }: TestServer, path: string): Promise<T> {
  return (await client.get(`${root}/${path}`)).json<T>();
}

async function change({ client }: TestServer, path: string, patch: object): Promise<void> {
  expect((await client.patch(`${root}/${path}`, 'merge-patch+json', patch)).code).toBe(200);
}

const autoUpdate = (value: string | null) => ({ metadata: { annotations: { 'apf.kubernetes.io/autoupdate-spec': value } } });

describe('on an empty store', () => {
  it('makes an object as kube-apiserver does', async () => {
    const server = await startBuiltInServer();
    await runOnce(server);
    expect(await read(server, 'prioritylevelconfigurations/catch-all')).toEqual({
      kind: 'PriorityLevelConfiguration',
      apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
      metadata: {
        name: 'catch-all',
        uid: expect.any(String),
        resourceVersion: expect.any(String),
        generation: 1,
        creationTimestamp: expect.any(String),
        annotations: { 'apf.kubernetes.io/autoupdate-spec': 'true' },
        managedFields: [expect.objectContaining({ manager: 'api-priority-and-fairness-config-producer-v1', operation: 'Update' })],
      },
      spec: { type: 'Limited', limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } } },
      status: {},
    });
  });

  it('makes all of them once, however many replicas start', async () => {
    const first = await startBuiltInServer();
    const others = [await startBuiltInServer(first.backend), await startBuiltInServer(first.backend)];
    await Promise.all([first, ...others].map(runOnce));
    const before = await storedRevisions(first);
    expect(Object.keys(before)).toHaveLength(8 + 11);
    await runOnce(await startBuiltInServer(first.backend));
    expect(await storedRevisions(first)).toEqual(before);
  });
});

describe('what is there', () => {
  it('says again what the server knows, unless it is only suggested and says that it is an operator’s', async () => {
    const server = await startBuiltInServer();
    await runOnce(server);
    const spec = { limited: { nominalConcurrencyShares: 7 } };
    await change(server, 'prioritylevelconfigurations/system', { ...autoUpdate('true'), spec });
    await change(server, 'flowschemas/probes', { ...autoUpdate('false'), spec: { matchingPrecedence: 3 } });
    await change(server, 'prioritylevelconfigurations/exempt', { ...autoUpdate('false'), spec: { exempt: { lendablePercent: 9 } } });
    await runOnce(server);
    expect((await read<PriorityLevel>(server, 'prioritylevelconfigurations/system')).spec.limited?.nominalConcurrencyShares).toBe(30);
    expect((await read<FlowSchema>(server, 'flowschemas/probes')).spec.matchingPrecedence).toBe(3);
    const exempt = await read<PriorityLevel>(server, 'prioritylevelconfigurations/exempt');
    expect(exempt.metadata.annotations).toEqual(autoUpdate('true').metadata.annotations);
    expect(exempt.spec).toEqual({ type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 9 } });
  });

  it('is an operator’s when its spec was changed, and is marked so', async () => {
    const server = await startBuiltInServer();
    await runOnce(server);
    await change(server, 'flowschemas/global-default', { ...autoUpdate(null), spec: { matchingPrecedence: 9_800 } });
    await change(server, 'flowschemas/service-accounts', autoUpdate('who knows'));
    await runOnce(server);
    const changed = await read<FlowSchema>(server, 'flowschemas/global-default');
    expect([changed.spec.matchingPrecedence, changed.metadata.annotations]).toEqual([9_800, autoUpdate('false').metadata.annotations]);
    const unchanged = await read<FlowSchema>(server, 'flowschemas/service-accounts');
    expect(unchanged.metadata.annotations).toEqual(autoUpdate('true').metadata.annotations);
  });

  it('goes when no server suggests it any more', async () => {
    const server = await startBuiltInServer();
    const schema = (name: string, metadata: object) => ({
      metadata: { ...metadata, name },
      spec: { priorityLevelConfiguration: { name: 'exempt' }, matchingPrecedence: 5 },
    });
    for (const [name, metadata] of Object.entries({
      old: autoUpdate('true').metadata,
      kept: autoUpdate('false').metadata,
      odd: autoUpdate('x').metadata,
      mine: {},
    })) {
      expect((await server.client.post(`${root}/flowschemas`, schema(name, metadata))).code).toBe(201);
    }
    await runOnce(server);
    const { items } = await read<flowcontrol.v1.FlowSchemaList>(server, 'flowschemas');
    const known = [...mandatoryFlowSchemas, ...suggestedFlowSchemas].map(({ metadata }) => metadata.name);
    expect(items?.map(({ metadata }) => metadata.name).filter((name) => !known.includes(name))).toEqual(['kept', 'mine', 'odd']);
  });
});

interface Known {
  readonly name: string;
  readonly [field: string]: unknown;
}

const facts = recordings('facts');

describe.runIf(facts !== undefined)('the configuration is that of Kubernetes v1.34:', () => {
  const known = (list: string): { mandatory: Known[]; suggested: Known[] } =>
    JSON.parse(readFileSync(`${facts}/bootstrap.json`, 'utf8'))[list];

  it('priority levels', () => {
    const told = (levels: readonly PriorityLevel[]) => levels.map(({ metadata: { name }, spec }) => ({ name, spec }));
    const { mandatory, suggested } = known('priorityLevelConfigurations');
    expect(sorted(told(mandatoryPriorityLevels))).toEqual(sorted(mandatory));
    expect(sorted(told(suggestedPriorityLevels))).toEqual(sorted(suggested));
  });

  it('flow schemas', () => {
    const { mandatory, suggested } = known('flowSchemas');
    expect(sorted(mandatoryFlowSchemas.map(schemaTold))).toEqual(sorted(mandatory));
    expect(sorted(suggestedFlowSchemas.map(schemaTold))).toEqual(sorted(suggested));
  });
});

/** In the words of the facts. */
function schemaTold({ metadata: { name }, spec }: FlowSchema): object {
  const { priorityLevelConfiguration, matchingPrecedence, distinguisherMethod, rules = [] } = spec;
  const [{ subjects, resourceRules = [], nonResourceRules = [] } = { subjects: null }] = rules;
  return {
    name,
    priorityLevel: priorityLevelConfiguration.name,
    matchingPrecedence,
    distinguisher: distinguisherMethod?.type ?? null,
    subjects: (subjects ?? []).map(subjectTold),
    resourceRules: resourceRules.map((rule) => ({ clusterScope: false, ...rule })),
    nonResourceRules,
  };
}

function subjectTold({ kind, user, group, serviceAccount }: flowcontrol.v1.Subject): string {
  return `${kind}:${(user ?? group)?.name ?? `${serviceAccount?.namespace}/${serviceAccount?.name}`}`;
}

function sorted<T extends { readonly name?: string | undefined }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
}
