import { extensions, networking } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { loadBalancerWarnings } from '../warnings/load-balancer-warnings.js';
import { betaIngress } from './beta-ingress.js';
import { ingressClassAnnotation } from './ingress-class-annotation.js';
import { addressesText, hostsText, portsText } from './ingress-text.js';
import { validateIngress, validateIngressStatus } from './ingresses-validation.js';

type Ingress = networking.v1.Ingress;

function warnings({ metadata, spec }: Ingress, old: Ingress | undefined): string[] {
  if (old !== undefined || spec.ingressClassName !== undefined) return [];
  if (metadata.annotations?.[ingressClassAnnotation] === undefined) return [];
  return [`annotation "${ingressClassAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`];
}

export const ingresses = defineResource<Ingress>(networking.v1.Ingress, {
  names: { plural: 'ingresses', short: ['ing'] },
  scope: 'Namespaced',
  storage: { key: 'ingress' },
  versions: [
    removedVersion(networking.v1beta1.Ingress, { deprecated: '1.19', removed: '1.22', use: networking.v1.Ingress }, betaIngress),
    removedVersion(extensions.v1beta1.Ingress, { deprecated: '1.14', removed: '1.22', use: networking.v1.Ingress }, betaIngress),
  ],
  resetFields: ['status'],
  generationOf: ({ spec }) => spec,
  subresources: { status: status<Ingress>({ validate: validateIngressStatus, warnings: loadBalancerWarnings }) },
  validate: validateIngress,
  warnings,
  columns: [
    nameColumn(),
    col('Class', ({ spec }) => spec.ingressClassName ?? '<none>'),
    col('Hosts', ({ spec }) => hostsText(spec)),
    col('Address', ({ status }) => addressesText(status)),
    col('Ports', ({ spec }) => portsText(spec)),
    age(),
  ],
});
