import type { core } from '@keelson/schema';
import type { ControllerAccess } from '../controller-access.js';
import { type NamespaceObjectContent, ObjectPerNamespace } from './object-per-namespace.js';

type ConfigMap = core.v1.ConfigMap;

const KEY = 'ca.crt';
const ANNOTATION = 'kubernetes.io/description';
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Keeps a ConfigMap in every namespace by which pods know the API server: tokens are mounted together with it. */
export class RootCaPublisher extends ObjectPerNamespace {
  /** `authority`: certificates, PEM. */
  constructor(access: ControllerAccess, authority: string) {
    const resource = { group: '', version: 'v1', resource: 'configmaps' };
    super(access, { resource, name: 'kube-root-ca.crt', queue: 'root_ca_cert_publisher', content: contentOf(authority) });
  }
}

/** What else is in the data goes; other annotations stay. */
function contentOf(authority: string): NamespaceObjectContent {
  return {
    isRight(object) {
      const { metadata, data = {} } = object as ConfigMap;
      return metadata.annotations?.[ANNOTATION] === DESCRIPTION && Object.keys(data).length === 1 && data[KEY] === authority;
    },
    correct(object) {
      object.metadata.annotations = { ...object.metadata.annotations, [ANNOTATION]: DESCRIPTION };
      (object as ConfigMap).data = { [KEY]: authority };
    },
  };
}
