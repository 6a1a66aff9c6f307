import type { AdmissionAttributes, ApiError, Json, KubeObject } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, namespaces, pods, type Target, target } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { PodSecurity } from './pod-security.js';
import type { PodSecurityEvents } from './pod-security-events.js';

type Pod = core.v1.Pod;

const label = (name: string) => `pod-security.kubernetes.io/${name}`;

function namespace(name: string, said: Record<string, string> = {}): core.v1.Namespace {
  const labels = Object.fromEntries(Object.entries(said).map(([key, value]) => [label(key), value]));
  return { metadata: { name, labels }, spec: {}, status: {} };
}

function pod(name: string, where: string, spec: Partial<core.v1.PodSpec> = {}): Pod {
  return { metadata: { name, namespace: where }, spec: { containers: [{ name: 'c', resources: {}, image: 'i' }], ...spec }, status: {} };
}

const there = [
  namespace('free'),
  namespace('base', { enforce: 'baseline' }),
  namespace('noted', { audit: 'baseline', warn: 'restricted', 'warn-version': 'v1.0' }),
  namespace('ahead', { enforce: 'baseline', 'enforce-version': 'v1.99' }),
  namespace('odd', { enforce: 'x', warn: 'y' }),
  namespace('exempt', { enforce: 'restricted' }),
];
const exemptions = { namespaces: ['exempt'], usernames: ['boss'], runtimeClasses: ['kata'] };
const configuration: Json = { apiVersion: 'pod-security.admission.config.k8s.io/v1', kind: 'PodSecurityConfiguration', exemptions };

/** What becomes of a write: the refusal, the warnings, the notes for the audit log. */
async function judged(
  target: Target,
  operation: AdmissionAttributes['operation'],
  object: KubeObject,
  more: Partial<AdmissionAttributes> = {},
  podSecurity?: PodSecurityEvents,
) {
  const host = hostOf({ namespaces: there, pods: [pod('old', 'free', { hostPID: true })] }, podSecurity && { podSecurity });
  const warnings: string[] = [];
  const annotations: Record<string, string> = {};
  const written = attributes(target, operation, object, {
    warn: (text) => void warnings.push(text),
    annotate: (key, value) => {
      annotations[key.replace(label(''), '')] = value;
    },
    ...more,
  });
  const error = (await failureOf(() => new PodSecurity(host, configuration).validate(written))) as ApiError | undefined;
  return { ...(error && { refusal: `${error.code} ${error.message}` }), ...(warnings.length > 0 && { warnings }), annotations };
}

const hostPid = { hostPID: true };
const breaks = (standard: string) => `violate PodSecurity "${standard}": host namespaces (hostPID=true)`;

describe('a pod', () => {
  it('may do anything where the namespace says nothing', async () => {
    expect(await judged(pods, 'CREATE', pod('p', 'free', hostPid))).toEqual({ annotations: { 'enforce-policy': 'privileged:latest' } });
  });

  it('that breaks what is enforced is refused', async () => {
    expect(await judged(pods, 'CREATE', pod('p', 'base', hostPid))).toEqual({
      refusal: '403 pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
      annotations: { 'enforce-policy': 'baseline:latest' },
    });
    expect(await judged(pods, 'CREATE', pod('p', 'base'))).toEqual({ annotations: { 'enforce-policy': 'baseline:latest' } });
  });

  it('that breaks what is audited or warned of is let in', async () => {
    const rest = 'runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true)';
    expect(await judged(pods, 'CREATE', pod('p', 'noted', hostPid))).toEqual({
      warnings: [`would ${breaks('restricted:v1.0')}, ${rest}`],
      annotations: { 'enforce-policy': 'privileged:latest', 'audit-violations': `would ${breaks('baseline:latest')}` },
    });
  });

  it('in a user namespace may do more where a feature gate says so', async () => {
    const unmasked = pod('p', 'base', {
      hostUsers: false,
      containers: [{ name: 'c', resources: {}, securityContext: { procMount: 'Unmasked' } }],
    });
    const refusals = [true, false].map((on) => {
      const host = hostOf({ namespaces: there }, { features: new Map([['UserNamespacesPodSecurityStandards', on]]) });
      return failureOf(() => new PodSecurity(host).validate(attributes(pods, 'CREATE', unmasked)));
    });
    const refusal =
      'pods "p" is forbidden: violates PodSecurity "baseline:latest": procMount (container "c" must not set securityContext.procMount to "Unmasked")';
    expect(await Promise.all(refusals)).toEqual([undefined, expect.objectContaining({ message: refusal })]);
  });

  it('is held to the strictest level when the labels cannot be read', async () => {
    const { refusal, annotations } = await judged(pods, 'CREATE', pod('p', 'odd'));
    expect(refusal).toMatch(/^403 pods "p" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation/);
    expect(annotations).toEqual({
      'enforce-policy': 'restricted:latest',
      error:
        'Failed to parse policy: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "x": must be one of privileged, baseline, restricted, ' +
        'metadata.labels[pod-security.kubernetes.io/warn]: Invalid value: "y": must be one of privileged, baseline, restricted]',
    });
  });

  it.each<[string, Pod, Partial<AdmissionAttributes>]>([
    ['namespace', pod('p', 'exempt', hostPid), {}],
    ['user', pod('p', 'base', hostPid), { user: { name: 'boss', groups: [] } }],
    ['runtimeClass', pod('p', 'base', { ...hostPid, runtimeClassName: 'kata' }), {}],
  ])('is exempt by its %s', async (why, object, more) => {
    expect(await judged(pods, 'CREATE', object, more)).toEqual({ annotations: { exempt: why } });
  });

  it('is looked at again when what is checked may have changed', async () => {
    const old = pod('p', 'base', hostPid);
    const other = { ...old, spec: { ...old.spec, containers: [{ name: 'c', resources: {}, image: 'other' }] } };
    const added = { ...old, spec: { ...old.spec, ephemeralContainers: [{ name: 'e', image: 'i' } as core.v1.EphemeralContainer] } };
    const outcomes = [
      await judged(pods, 'UPDATE', { ...old, metadata: { ...old.metadata, labels: { a: 'b' } } }, { oldObject: old }),
      await judged(pods, 'UPDATE', other, { oldObject: old }),
      await judged(pods, 'UPDATE', added, { oldObject: old, subresource: 'ephemeralcontainers' }),
      await judged(pods, 'UPDATE', other, { oldObject: old, subresource: 'status' }),
    ];
    expect(outcomes.map(({ refusal }) => refusal?.slice(0, 3))).toEqual([undefined, '403', '403', undefined]);
  });

  it('is not let in where the namespace cannot be found out', async () => {
    expect(await judged(pods, 'CREATE', pod('p', 'gone'))).toEqual({
      refusal: '500 Internal error occurred: failed to lookup namespace "gone"',
      annotations: { error: 'Internal error occurred: failed to lookup namespace "gone": namespaces "gone" not found' },
    });
  });
});

describe('a template of pods', () => {
  const deployments = target('apps', 'Deployment', 'deployments');
  const cronJobs = target('batch', 'CronJob', 'cronjobs');
  const template = { metadata: {}, spec: pod('', '', hostPid).spec };

  it.each<[string, Target, object]>([
    ['deployment', deployments, { spec: { template } }],
    ['cron job', cronJobs, { spec: { jobTemplate: { spec: { template } } } }],
    ['pod template', target('', 'PodTemplate', 'podtemplates'), { template }],
    ['replication controller', target('', 'ReplicationController', 'replicationcontrollers'), { spec: { template } }],
  ])('of a %s is warned of, not refused', async (_, kind, object) => {
    const metadata = { name: 'd', namespace: 'base' };
    expect(await judged(kind, 'CREATE', { metadata, ...object } as KubeObject)).toEqual({
      warnings: [`would ${breaks('baseline:latest')}`],
      annotations: {},
    });
  });

  it('may be missing', async () => {
    const metadata = { name: 'd', namespace: 'base' };
    const without = { metadata, spec: {} } as KubeObject;
    expect(await judged(target('', 'ReplicationController', 'replicationcontrollers'), 'CREATE', without)).toEqual({ annotations: {} });
  });

  it('is let in where the namespace cannot be found out', async () => {
    const object = { metadata: { name: 'd', namespace: 'gone' }, spec: { template } } as KubeObject;
    expect(await judged(deployments, 'CREATE', object)).toEqual({
      annotations: { error: 'failed to lookup namespace "gone": namespaces "gone" not found' },
    });
  });
});

describe('a namespace', () => {
  it('must have labels that can be read', async () => {
    const invalid =
      '422 Namespace "new" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "x": must be one of privileged, baseline, restricted';
    expect(await judged(namespaces, 'CREATE', namespace('new', { enforce: 'x' }))).toEqual({ refusal: invalid, annotations: {} });
    const old = namespace('new', { enforce: 'x' });
    expect(await judged(namespaces, 'UPDATE', namespace('new', { enforce: 'x', a: 'b' }), { oldObject: old })).toEqual({ annotations: {} });
    const { refusal } = await judged(namespaces, 'UPDATE', namespace('new', { enforce: 'z' }), { oldObject: old });
    expect(refusal).toContain('"z": must be one of');
  });

  it('that is to enforce more is told which of its pods break that', async () => {
    const update = (from: Record<string, string>, to: Record<string, string>) =>
      judged(namespaces, 'UPDATE', namespace('free', to), { oldObject: namespace('free', from) });
    const warnings = [
      'existing pods in namespace "free" violate the new PodSecurity enforce level "baseline:v1.30"',
      'old: host namespaces',
    ];
    expect(await update({}, { enforce: 'baseline', 'enforce-version': 'v1.30' })).toEqual({ warnings, annotations: {} });
    expect(await update({ enforce: 'baseline' }, { enforce: 'baseline', 'enforce-version': 'v1.30' })).toEqual({
      warnings,
      annotations: {},
    });
    expect(await update({ enforce: 'restricted' }, { enforce: 'baseline' })).toEqual({ annotations: {} });
    expect(await update({}, { warn: 'baseline' })).toEqual({ annotations: {} });
  });

  it('that is exempt is told that its policy is of no use', async () => {
    const warnings = [
      'namespace "exempt" is exempt from Pod Security, and the policy (enforce=baseline:v1.9, warn=restricted:latest) will be ignored',
    ];
    const policy = { enforce: 'baseline', 'enforce-version': 'v1.9', warn: 'restricted' };
    expect(await judged(namespaces, 'CREATE', namespace('exempt', policy))).toEqual({ warnings, annotations: {} });
    const oldObject = namespace('exempt');
    expect(await judged(namespaces, 'UPDATE', namespace('exempt', policy), { oldObject })).toEqual({ warnings, annotations: {} });
    expect(await judged(namespaces, 'CREATE', namespace('exempt'))).toEqual({ annotations: {} });
  });
});

describe('metrics', () => {
  /** What is counted when an object is made. */
  async function counted(target: Target, object: KubeObject, more: Partial<AdmissionAttributes> = {}): Promise<string[]> {
    const events: string[] = [];
    await judged(target, 'CREATE', object, more, {
      evaluated: (_, allowed, mode, level, version) => void events.push(`${allowed ? 'allow' : 'deny'} ${mode} ${level} ${version}`),
      exempted: () => void events.push('exempt'),
      failed: (_, fatal) => void events.push(fatal ? 'fatal' : 'not fatal'),
    });
    return events;
  }

  it('count what is enforced, and what is found beside that', async () => {
    expect(await counted(pods, pod('p', 'free', hostPid))).toEqual(['allow enforce privileged latest']);
    expect(await counted(pods, pod('p', 'base'))).toEqual(['allow enforce baseline latest']);
    expect(await counted(pods, pod('p', 'base', hostPid))).toEqual(['deny enforce baseline latest']);
    const noted = ['allow enforce privileged latest', 'deny audit baseline latest', 'deny warn restricted v1.0'];
    expect(await counted(pods, pod('p', 'noted', hostPid))).toEqual(noted);
    expect(await counted(pods, pod('p', 'ahead', hostPid))).toEqual(['deny enforce baseline future']);
  });

  it('count who is exempt and what went wrong', async () => {
    expect(await counted(pods, pod('p', 'exempt', hostPid))).toEqual(['exempt']);
    expect(await counted(pods, pod('p', 'base', { runtimeClassName: 'kata' }))).toEqual(['exempt']);
    expect(await counted(pods, pod('p', 'odd'))).toEqual(['not fatal', 'deny enforce restricted latest']);
    expect(await counted(pods, pod('p', 'none'))).toEqual(['fatal']);
  });
});
