import { describe, expect, it } from 'vitest';
import { internalDiff } from './internal-diff.js';
import { internalForm } from './internal-form.js';

describe('internalForm', () => {
  it('names all fields as they are named inside', () => {
    expect(internalForm('core.v1.ServicePort', { protocol: 'TCP', port: 80, targetPort: 'web' })).toEqual({
      Name: '',
      Protocol: 'TCP',
      AppProtocol: null,
      Port: 80,
      TargetPort: 'web',
      NodePort: 0,
    });
  });

  it('takes sub-objects apart, and leaves those that have no other form', () => {
    const claim = { accessModes: ['ReadWriteOnce'], selector: { matchLabels: { a: 'b' } }, resources: { requests: { storage: '1Gi' } } };
    expect(internalForm('core.v1.PersistentVolumeClaimSpec', claim)).toEqual({
      AccessModes: ['ReadWriteOnce'],
      Selector: { matchLabels: { a: 'b' } },
      Resources: { Limits: null, Requests: { storage: '1Gi' } },
      VolumeName: '',
      StorageClassName: null,
      VolumeMode: null,
      DataSource: null,
      DataSourceRef: null,
      VolumeAttributesClassName: null,
    });
  });

  it('shows metadata of templates among their fields', () => {
    const template = { metadata: { labels: { a: 'b' } }, spec: { resources: {} } };
    expect(Object.keys(internalForm('core.v1.PersistentVolumeClaimTemplate', template) as object)).toEqual(['labels', 'Spec']);
  });

  it('puts what pods share with their host into the security context', () => {
    const form = internalForm('core.v1.PodSpec', { containers: [], hostPID: true, securityContext: { fsGroup: 5 } }) as Record<
      string,
      unknown
    >;
    expect(form.HostPID).toBeUndefined();
    expect(form.SecurityContext).toMatchObject({ HostNetwork: false, HostPID: true, ShareProcessNamespace: null, FSGroup: 5 });
    const fields = Object.keys(form);
    expect(fields.slice(fields.indexOf('Subdomain'), fields.indexOf('Affinity') + 1)).toEqual([
      'Subdomain',
      'SetHostnameAsFQDN',
      'Affinity',
    ]);
  });

  it('shows schemas with the members that there are for each form of what they hold', () => {
    const schema = {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      additionalProperties: false,
      items: { enum: ['a', { b: 1 }] },
      externalDocs: { url: 'https://example.com' },
    };
    const form = internalForm('apiextensions.v1.JSONSchemaProps', schema) as Record<string, unknown>;
    expect(Object.keys(form).slice(0, 6)).toEqual(['ID', 'Schema', 'Ref', 'Description', 'Type', 'Nullable']);
    expect(form).toMatchObject({
      XPreserveUnknownFields: true,
      AdditionalProperties: { Allows: false, Schema: null },
      Items: { Schema: { Enum: ['a', { b: 1 }] }, JSONSchemas: null },
      ExternalDocs: { Description: '', URL: 'https://example.com' },
    });
    const other = { additionalProperties: { type: 'string' }, items: [{}], dependencies: { a: ['b'], c: {} } };
    expect(internalForm('apiextensions.v1.JSONSchemaProps', other)).toMatchObject({
      AdditionalProperties: { Allows: true, Schema: { Type: 'string' } },
      Items: { Schema: null, JSONSchemas: [{ Type: '' }] },
      Dependencies: { a: { Schema: null, Property: ['b'] }, c: { Schema: { Type: '' }, Property: null } },
    });
  });
});

describe('internalDiff', () => {
  it('shows a change', () => {
    const before = { kind: 'VolumeSnapshot', name: 's', apiGroup: 'a<b' };
    expect(internalDiff('core.v1.TypedObjectReference', before, { ...before, name: 't' })).toBe(
      '@@ -1,6 +1,6 @@\n {\n  "APIGroup": "a\\u003cb",\n  "Kind": "VolumeSnapshot",\n- "Name": "s",\n+ "Name": "t",\n  "Namespace": null\n }\n',
    );
  });
});
