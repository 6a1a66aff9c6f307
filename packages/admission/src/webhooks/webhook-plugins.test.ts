import type { Json, KubeObject } from '@keelson/machinery';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attributes, pods } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { WebhookServer } from '../testing/webhook-server.js';
import { validatingWebhooks } from './webhook-plugins.js';

let server: WebhookServer;
let seen: string | undefined;
beforeAll(async () => {
  server = await WebhookServer.start((_review, _response, { headers }) => {
    seen = headers.authorization;
    return {};
  });
});
afterAll(() => server.close());

const configured = (configuration: Json) => new Map([['ValidatingAdmissionWebhook', configuration]]);
const v1 = { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'WebhookAdmissionConfiguration' };

it.each([v1, { apiVersion: 'apiserver.config.k8s.io/v1alpha1', kind: 'WebhookAdmission' }])(
  'makes itself known as the kubeconfig of a $kind says',
  async (kind) => {
    const rules = [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }];
    const all = { rules, namespaceSelector: {}, objectSelector: {}, sideEffects: 'None', admissionReviewVersions: ['v1'] };
    const webhooks = [{ name: 'a.x.io', clientConfig: server.clientConfig, ...all }];
    const files: string[] = [];
    const plugin = await validatingWebhooks(
      hostOf(
        { validatingwebhookconfigurations: [{ metadata: { name: 'a' }, webhooks } as KubeObject] },
        {
          configurations: configured({ ...kind, kubeConfigFile: '/etc/webhooks' }),
          async readKubeconfigUsers(file) {
            files.push(file);
            return { users: new Map([[`127.0.0.1:${server.port}`, { authorization: 'Bearer t' }]]), current: undefined };
          },
        },
      ),
    );
    await plugin.validate(attributes(pods, 'CREATE', { metadata: { name: 'p', namespace: 'a' } }));
    expect([files, seen]).toEqual([['/etc/webhooks'], 'Bearer t']);
  },
);

it.each<[Json, string]>([
  [{ ...v1, kubeConfigFile: 'here' }, 'kubeConfigFile: Invalid value: "here": must be an absolute file path'],
  [{ ...v1 }, 'kubeConfigFile: Invalid value: "": must be an absolute file path'],
  [{ ...v1, kind: 'Other' }, 'no kind "Other" is registered for version "apiserver.config.k8s.io/v1"'],
])('cannot work with configuration %j', async (configuration, why) => {
  await expect(validatingWebhooks(hostOf({}, { configurations: configured(configuration) }))).rejects.toThrow(why);
});
