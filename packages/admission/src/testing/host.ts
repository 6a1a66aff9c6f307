import {
  defaultFeatures,
  type GroupVersionResource,
  type Json,
  type KubeObject,
  notFound,
  type ObjectAccess,
  type ObjectReader,
  ServiceResolver,
} from '@keelson/machinery';
import type { PluginHost } from '../plugin-host.js';
import { readerOf } from './attributes.js';

/** Objects by the plural of their resource. */
export type ObjectsByResource = Readonly<Record<string, readonly KubeObject[]>>;

/** A host whose store has the given objects, and whose authorizer allows everything; nothing ever changes in it. */
export function hostOf(objects: ObjectsByResource = {}, more: Partial<PluginHost> = {}): PluginHost {
  const access = objectsOf(objects);
  return {
    objects: access,
    authorizer: { authorize: () => ({ decision: 'allow' }) },
    configurations: new Map<string, Json>(),
    tolerationSeconds: { notReady: 300, unreachable: 300 },
    readKubeconfig: noFile,
    readKubeconfigUsers: noFile,
    webhooks: {
      services: new ServiceResolver(access),
      breaker: undefined,
      warnOfRisks: false,
      events: { called: nothing, rejected: nothing, failedOpen: nothing, conditionsEvaluated: nothing },
    },
    features: defaultFeatures,
    podSecurity: { evaluated: nothing, exempted: nothing, failed: nothing },
    policyEvents: { validated: nothing, mutated: nothing },
    log: { error: nothing, warn: nothing, info: nothing, enabled: () => false },
    ...more,
  };
}

function objectsOf(objects: ObjectsByResource): ObjectAccess {
  const all = ({ resource }: GroupVersionResource) => objects[resource] ?? [];
  const refuse = async (gvr: GroupVersionResource): Promise<never> => {
    throw notFound(gvr, '');
  };
  return {
    reader: <T extends KubeObject>(gvr: GroupVersionResource) => readerOf(all(gvr)) as unknown as ObjectReader<T>,
    writer: (gvr) => ({ create: () => refuse(gvr), update: () => refuse(gvr), updateStatus: () => refuse(gvr) }),
    follow(gvr, receiver) {
      for (const object of all(gvr)) receiver.set(object as never);
      return { synced: Promise.resolve(), stop: nothing };
    },
    resourcesOf: () => [],
  };
}

async function noFile(file: string): Promise<never> {
  throw new Error(`there is no ${file}`);
}

function nothing(): void {
  // What is written here is of no interest to the test.
}
