import type { KubeObject } from '@keelson/machinery';
import { envelopePrefix, type KindSchema, wrap } from '@keelson/schema';
import { generatedObjects } from '@keelson/schema/testing';
import type { Resource, ResourceVersion } from '@keelson/server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controllerRevisions } from '../controller-revisions.js';
import { daemonSets } from '../daemon-sets.js';
import { deployments } from '../deployments.js';
import { replicaSets } from '../replica-sets.js';
import { statefulSets } from '../stateful-sets.js';

const served: readonly (readonly [Resource, readonly string[]])[] = [
  [deployments, ['apps/v1beta2', 'apps/v1beta1', 'extensions/v1beta1']],
  [daemonSets, ['apps/v1beta2', 'extensions/v1beta1']],
  [replicaSets, ['apps/v1beta2', 'extensions/v1beta1']],
  [statefulSets, ['apps/v1beta2', 'apps/v1beta1']],
  [controllerRevisions, ['apps/v1beta2', 'apps/v1beta1']],
];

const versions = served.flatMap(([resource, apiVersions]) =>
  apiVersions.map((apiVersion) => [`${apiVersion} ${resource.hub.kind}`, versionOf(resource, apiVersion)] as const),
);

function versionOf(resource: Resource, apiVersion: string): ResourceVersion {
  const version = resource.byApiVersion(apiVersion);
  if (version === undefined) throw new Error(`${resource.resource} has no version ${apiVersion}`);
  return version;
}

/** Deep enough for the strategies of updates. */
const depth = 3;

interface Fields {
  readonly spec?: { templateGeneration?: number; rollbackTo?: { revision?: number } };
  readonly status?: { observedGeneration?: number };
}

/** Integers as annotations carry them; further than 2^53 nobody counts. */
function inAnnotation<Name extends string>(holder: { [K in Name]?: number } | undefined, name: Name): void {
  const value = holder?.[name];
  if (typeof value === 'bigint') (holder as { [K in Name]?: number })[name] = Number(BigInt.asIntN(32, value)) || 1;
}

function early({ schema }: ResourceVersion): fc.Arbitrary<KubeObject> {
  return generatedObjects<KubeObject>(schema, depth).map((object) => {
    const { spec, status } = object as Fields;
    inAnnotation(spec, 'templateGeneration');
    inAnnotation(spec?.rollbackTo, 'revision');
    if (status !== undefined && schema.kind === 'StatefulSet' && schema.version === 'v1beta1') status.observedGeneration ??= 0;
    return object;
  });
}

function current({ hub, definition }: Resource): fc.Arbitrary<KubeObject> {
  const annotations = fc.record(
    {
      'deprecated.deployment.rollback.to': fc.oneof(fc.nat().map(String), fc.string()),
      'deprecated.daemonset.template.generation': fc.nat().map(String),
      own: fc.string(),
    },
    { requiredKeys: [] },
  );
  return fc.tuple(generatedObjects<KubeObject>(hub, depth), annotations).map(([object, known]) => {
    const all = { ...object.metadata.annotations, ...known };
    if (Object.keys(all).length > 0) object.metadata.annotations = all;
    // Every daemon set has its number.
    if (hub.kind === 'DaemonSet') definition.defaults?.(object);
    return object;
  });
}

/** As the object is read after it was sent, or was stored. */
function encoded({ codec }: KindSchema, object: KubeObject): KubeObject {
  return codec.decode(codec.encode(object));
}

describe.each(versions)('%s', (_name, version) => {
  const { schema, resource } = version;
  const store = (object: KubeObject) => encoded(resource.hub, version.toHub(object));
  const read = (object: KubeObject) => encoded(schema, version.fromHub(object));

  it('is stored as apps/v1 and read again without loss', () => {
    fc.assert(
      fc.property(early(version), (object) => {
        const given = encoded(schema, object);
        expect(read(store(structuredClone(given)))).toEqual(given);
      }),
      { numRuns: 60 },
    );
  });

  it('shows what was written as apps/v1, and writes it back without loss', () => {
    fc.assert(
      fc.property(current(resource), (object) => {
        const given = encoded(resource.hub, object);
        expect(store(read(structuredClone(given)))).toEqual(given);
      }),
      { numRuns: 60 },
    );
  });

  it('is understood where an older server has stored it', () => {
    fc.assert(
      fc.property(early(version), (given) => {
        const value = wrap(envelopePrefix(version.apiVersion, version.kind), schema.codec.encode(given));
        expect(resource.form.decode(value)).toEqual(store(given));
        expect(read(resource.form.decode(value))).toEqual(encoded(schema, given));
      }),
      { numRuns: 10 },
    );
  });
});
