import { describe, expect, it } from 'vitest';
import { apps, core } from '../index.js';
import { applyDefaults } from './apply-defaults.js';

describe('applyDefaults', () => {
  it('fills in defaults below lists and sub-objects', () => {
    const deployment = apps.v1.Deployment.codec.fromJson({
      spec: {
        template: { spec: { containers: [{ name: 'web', ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }] }] } },
      },
    });
    applyDefaults(apps.v1.Deployment, deployment);
    expect(deployment.spec.template.spec.containers?.[0]?.ports).toEqual([
      { containerPort: 80, protocol: 'TCP' },
      { containerPort: 53, protocol: 'UDP' },
    ]);
  });

  it('fills in pointers to zero, which differ from absent', () => {
    const pod = core.v1.Pod.codec.fromJson({ spec: { volumes: [{ name: 'd', azureDisk: { diskName: 'd', diskURI: 'u' } }] } });
    applyDefaults(core.v1.Pod, pod);
    expect(pod.spec.volumes?.[0]?.azureDisk).toEqual({
      diskName: 'd',
      diskURI: 'u',
      cachingMode: 'ReadWrite',
      fsType: 'ext4',
      readOnly: false,
      kind: 'Shared',
    });
  });

  it('leaves alone what is set and adds no part that is not there', () => {
    const service = core.v1.Service.codec.fromJson({ metadata: { name: 's' }, spec: { ports: [{ port: 80, protocol: 'SCTP' }] } });
    applyDefaults(core.v1.Service, service);
    expect(service.spec).toEqual({ ports: [{ port: 80, protocol: 'SCTP', targetPort: 0 }] });
  });
});
