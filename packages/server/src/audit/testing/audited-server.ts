import { type AdmissionPlugin, forbidden, type UserInfo } from '@keelson/machinery';
import { type audit, core } from '@keelson/schema';
import { AuditMetrics } from '../../metrics/audit-metrics.js';
import { MetricsRegistry } from '../../metrics/registry/metrics-registry.js';
import { defineResource } from '../../resource/resource.js';
import type { Headers } from '../../testing/api-client.js';
import { createTestGroups } from '../../testing/resources.js';
import { startTestServer } from '../../testing/start-test-server.js';
import { Auditing } from '../auditing.js';
import { AuditPolicy } from '../policy/audit-policy.js';
import { type RecordedEvent, RecordingBackend } from './recording-backend.js';

const accounts = defineResource(core.v1.ServiceAccount, {
  names: { plural: 'serviceaccounts' },
  scope: 'Namespaced',
  storage: { key: 'serviceaccounts' },
  deprecationWarning: 'v1 ServiceAccount is deprecated in v1.30+, unavailable in v1.35+',
});

/** Bearer tokens are names of users. */
const users: Readonly<Record<string, UserInfo>> = {
  alice: { name: 'alice', uid: 'alice-uid', groups: ['devs'], extra: { scope: ['all'] } },
  eve: { name: 'eve', groups: [] },
};

const gatekeeper: AdmissionPlugin = {
  name: 'Gatekeeper',
  handles: () => true,
  validate(attributes) {
    const { name, resource } = attributes;
    attributes.annotate('gatekeeper/asked', 'yes');
    if (name === 'shown') attributes.annotate('gatekeeper/data', 'k=v', 'Request');
    if (name === 'refused') throw forbidden(resource, name, 'no');
    if (name === 'broken') throw new TypeError('x is not a function');
  },
};

const level = (of: string, rest: Partial<audit.v1.PolicyRule>): audit.v1.PolicyRule => ({ level: of, ...rest });
const policy = new AuditPolicy({
  metadata: {},
  rules: [
    level('None', { nonResourceURLs: ['/version'] }),
    level('Metadata', { resources: [{ group: '', resources: ['secrets'] }] }),
    level('Request', { namespaces: ['asked'] }),
    level('RequestResponse', { namespaces: ['bare'], omitManagedFields: true, omitStages: ['RequestReceived'] }),
    level('RequestResponse', {}),
  ],
});

export type Send = (headers: Headers) => Promise<unknown>;

export const stagesOf = (events: readonly RecordedEvent[]) => events.map(({ stage }) => stage);
export const both = ['RequestReceived', 'ResponseComplete'];
export const maps = '/api/v1/namespaces/a/configmaps';

/** A server that audits by that policy, and what it has told. */
export type AuditedServer = Awaited<ReturnType<typeof startAuditedServer>>;

export async function startAuditedServer() {
  const backend = new RecordingBackend();
  const metrics = new AuditMetrics(new MetricsRegistry());
  const server = await startTestServer({
    groups: createTestGroups([accounts]),
    auditing: new Auditing({ policy, backend, metrics }),
    authenticator: {
      authenticate: ({ headers }) => {
        const user = users[headers.authorization?.replace('Bearer ', '') ?? ''];
        return user && { user };
      },
    },
    authorizer: {
      authorize: ({ user, path }) => {
        if (path === '/fail') throw new Error('policy cannot be read');
        return user.name === 'eve' ? { decision: 'noOpinion', reason: 'unknown role' } : { decision: 'allow', reason: `${user.name} may` };
      },
    },
    admissionPlugins: [gatekeeper],
  });
  let requests = 0;
  return {
    server,
    backend,
    metrics,
    /** Events of the request that `send` makes, by alice. */
    async eventsOf(send: Send): Promise<RecordedEvent[]> {
      const auditId = `request-${requests++}`;
      await send({ authorization: 'Bearer alice', 'audit-id': auditId });
      return backend.of(auditId);
    },
  };
}
