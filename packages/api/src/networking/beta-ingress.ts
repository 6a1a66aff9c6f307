import type { IntOrString } from '@keelson/machinery';
import type { networking } from '@keelson/schema';
import { present } from '../conversion/present.js';

type Beta = networking.v1beta1.Ingress;
type BetaBackend = networking.v1beta1.IngressBackend;
type BetaRule = networking.v1beta1.IngressRule;
type Ingress = networking.v1.Ingress;
type Backend = networking.v1.IngressBackend;
type Rule = networking.v1.IngressRule;
type Port = networking.v1.ServiceBackendPort;

/** What paths without a type mean; older servers have stored such. */
const leftToController = 'ImplementationSpecific';

function portToHub(port: IntOrString): Port {
  if (typeof port === 'string') return port === '' ? {} : { name: port };
  return port === 0 ? {} : { number: port };
}

function backendToHub({ serviceName = '', servicePort, resource }: BetaBackend): Backend {
  const namesService = serviceName !== '' || servicePort !== 0;
  return present<Backend>({ service: namesService ? { name: serviceName, port: portToHub(servicePort) } : undefined, resource });
}

function backendFromHub({ service, resource }: Backend): BetaBackend {
  return present<BetaBackend>({
    serviceName: service?.name || undefined,
    servicePort: service?.port.name || (service?.port.number ?? 0),
    resource,
  });
}

function ruleToHub({ http, ...rule }: BetaRule): Rule {
  if (http === undefined) return rule;
  const paths = http.paths?.map(({ backend, pathType = leftToController, ...path }) => ({
    ...path,
    pathType,
    backend: backendToHub(backend),
  }));
  return { ...rule, http: { ...http, paths: paths ?? null } };
}

function ruleFromHub({ http, ...rule }: Rule): BetaRule {
  if (http === undefined) return rule;
  const paths = http.paths?.map(({ backend, pathType, ...path }) =>
    present<networking.v1beta1.HTTPIngressPath>({ ...path, pathType: pathType ?? undefined, backend: backendFromHub(backend) }),
  );
  return { ...rule, http: { ...http, paths: paths ?? null } };
}

/** Both v1beta1, of extensions and of networking.k8s.io, name a backend's service and its port in two flat fields. */
export const betaIngress = {
  toHub({ spec: { backend, rules, ...spec }, ...ingress }: Beta): Ingress {
    return {
      ...ingress,
      spec: present<Ingress['spec']>({ ...spec, defaultBackend: backend && backendToHub(backend), rules: rules?.map(ruleToHub) }),
    };
  },
  fromHub({ spec: { defaultBackend, rules, ...spec }, ...ingress }: Ingress): Beta {
    return {
      ...ingress,
      spec: present<Beta['spec']>({ ...spec, backend: defaultBackend && backendFromHub(defaultBackend), rules: rules?.map(ruleFromHub) }),
    };
  },
};
