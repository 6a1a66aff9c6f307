import { readFileSync } from 'node:fs';
import { defaultFeatures, type Json, type JsonObject, type KubeObject } from '@keelson/machinery';
import { applyDefaults } from '@keelson/schema';
import type { ResourceVersion, WriteContext } from '@keelson/server';
import { printedCells } from '@keelson/server/testing';
import { describe, expect, it } from 'vitest';
import { recordings } from '../../../test/recordings.js';
import { admissionRegistrationGroup } from './admissionregistration/group.js';
import { apiExtensionsGroup } from './apiextensions/group.js';
import { apiRegistrationGroup } from './apiregistration/group.js';
import { apiServerInternalGroup } from './apiserverinternal/group.js';
import { appsGroup } from './apps/group.js';
import { autoscalingGroup } from './autoscaling/group.js';
import { batchGroup } from './batch/group.js';
import { certificatesGroup } from './certificates/group.js';
import { coordinationGroup } from './coordination/group.js';
import { namespaces } from './core/namespaces.js';
import { discoveryGroup } from './discovery/group.js';
import { flowControlGroup } from './flowcontrol/group.js';
import { networkingGroup } from './networking/group.js';
import { nodeGroup } from './node/group.js';
import { policyGroup } from './policy/group.js';
import { rbacGroup } from './rbac/group.js';
import { resourceGroup } from './resource/group.js';
import { schedulingGroup } from './scheduling/group.js';
import { storageGroup } from './storage/group.js';
import { storageMigrationGroup } from './storagemigration/group.js';

interface Step {
  readonly do: string;
  readonly path: string;
  readonly accept?: string;
  readonly body?: JsonObject;
}

interface Table {
  readonly columnDefinitions: readonly {
    readonly name: string;
    readonly type: string;
    readonly format: string;
    readonly priority: number;
  }[];
  /** Absent where the recording leaves them out. */
  readonly rows?: readonly { readonly cells: readonly Json[]; readonly conditions?: Json }[];
}

interface Conversation {
  readonly id: string;
  readonly steps: readonly Step[];
  readonly expect: readonly ({ readonly code: number; readonly body?: unknown } | null)[];
}

const golden = recordings('golden');

const now = '2025-01-01T00:00:00Z';
const uid = 'a3c1d5a2-0000-4000-8000-000000000000';
/** Groups whose objects become what they are without a store: what their tables show is in the objects alone. */
const groups = [
  admissionRegistrationGroup({ initializers: false }),
  apiExtensionsGroup,
  apiRegistrationGroup,
  apiServerInternalGroup,
  appsGroup,
  autoscalingGroup,
  batchGroup,
  certificatesGroup(undefined),
  coordinationGroup,
  discoveryGroup,
  flowControlGroup,
  networkingGroup,
  nodeGroup,
  policyGroup,
  rbacGroup(),
  resourceGroup(namespaces),
  schedulingGroup,
  storageGroup,
  storageMigrationGroup,
];

function readConversations(): Conversation[] {
  if (golden === undefined) return [];
  const all = readFileSync(`${golden}/table.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Conversation);
  return all.filter(({ steps }) => groups.some(({ group }) => group === steps[0]?.path.split('/')[2]));
}

/** The version that a path such as `/apis/apps/v1/namespaces/ns/deployments/web` asks for. */
function versionAt(path: string): ResourceVersion {
  const [, , group = '', version = '', ...rest] = (path.split('?')[0] ?? '').split('/');
  const plural = rest[0] === 'namespaces' ? rest[2] : rest[0];
  const resource = groups.find((one) => one.group === group)?.resources.find((one) => one.resource === plural);
  const found = resource?.inVersion(group, version);
  if (found === undefined) throw new Error(`nothing is served at ${path}`);
  return found;
}

const context: WriteContext = {
  user: { name: 'admin', groups: [] },
  namespace: 'ns',
  name: '',
  apiVersion: '',
  dryRun: true,
  features: defaultFeatures,
  now,
  warn: () => undefined,
  annotate: () => undefined,
};

/** The object as it would be stored. */
function created(version: ResourceVersion, body: JsonObject): KubeObject {
  const { apiVersion: _apiVersion, kind: _kind, ...fields } = structuredClone(body);
  const object = version.schema.codec.fromJson(fields);
  applyDefaults(version.schema, object);
  const hub = version.toHub(object);
  const { definition } = version.resource;
  definition.defaults?.(hub);
  Object.assign(hub.metadata, { uid, creationTimestamp: now });
  definition.prepareForCreate?.(hub, context);
  return version.resource.hub.codec.fromJson(JSON.parse(JSON.stringify(hub)) as Json);
}

/** Places that differ from one recording to the next. */
function normalized(cell: Json, expected: Json | undefined): Json {
  if (expected === '<age>') return typeof cell === 'string' && /^(?:\d+[ydhms])+$/.test(cell) ? '<age>' : cell;
  if (expected === '<time>' && cell === now) return '<time>';
  return typeof cell === 'string' ? cell.replace(uid, '<uid1>') : cell;
}

function expectTable(version: ResourceVersion, object: KubeObject | undefined, table: Table): void {
  const columns = version.columns.filter(({ undeclared }) => !undeclared);
  const declared = table.columnDefinitions.map(({ name, type, format, priority }) => ({ name, type, format, priority }));
  expect(columns.map(({ name, type, format, priority }) => ({ name, type, format, priority }))).toEqual(declared);
  if (table.rows === undefined) return;
  const [row] = table.rows;
  expect(row === undefined).toBe(object === undefined);
  if (row === undefined || object === undefined) return;
  const cells = printedCells(version.columns, object, Date.parse(now));
  expect(cells.map((cell, i) => normalized(cell, row.cells[i]))).toEqual(row.cells);
}

function isTable(body: unknown): body is Table {
  return (body as { kind?: string } | undefined)?.kind === 'Table';
}

describe('tables recorded from Kubernetes', () => {
  it.each(readConversations().map((conversation) => [conversation.id, conversation] as const))('%s', (_id, { steps, expect: answers }) => {
    let object: KubeObject | undefined;
    for (const [i, { do: method, path, body }] of steps.entries()) {
      const version = versionAt(path);
      if (method === 'POST' && body !== undefined) object = created(version, body);
      if (method === 'PATCH') Object.assign(object as object, structuredClone(body));
      const answer = answers[i]?.body;
      if (isTable(answer)) expectTable(version, object, answer);
    }
  });

  it.each(groups.flatMap(({ resources }) => resources))('$resource prints an empty object', (resource) => {
    for (const version of resource.versions.values()) {
      const empty = resource.hub.codec.fromJson({ metadata: {} });
      const cells = printedCells(version.columns, empty, 0);
      expect(cells).not.toContain(undefined);
    }
  });
});
