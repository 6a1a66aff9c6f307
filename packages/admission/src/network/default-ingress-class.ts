import type { AdmissionAttributes, AdmissionPlugin, ObjectAccess } from '@keelson/machinery';
import type { networking } from '@keelson/schema';
import { MarkedClasses } from '../marked-classes.js';
import { onCreate } from '../operations.js';

const INGRESS_CLASSES = { group: 'networking.k8s.io', version: 'v1', resource: 'ingressclasses' };
/** Where ingresses named their class before there was a field for it. */
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** Ingresses that name no class get the default one, where there is one. */
export class DefaultIngressClass implements AdmissionPlugin {
  readonly name = 'DefaultIngressClass';
  readonly handles = onCreate;
  readonly resources = ['ingresses.networking.k8s.io'];
  readonly #classes = new MarkedClasses('ingressclass.kubernetes.io/is-default-class');

  constructor(objects: ObjectAccess) {
    objects.follow(INGRESS_CLASSES, this.#classes);
  }

  admit({ resource, subresource, object }: AdmissionAttributes): void {
    if (resource.group !== 'networking.k8s.io' || resource.resource !== 'ingresses' || subresource !== '' || object === undefined) return;
    const { metadata, spec } = object as networking.v1.Ingress;
    if (spec.ingressClassName !== undefined || metadata.annotations?.[CLASS_ANNOTATION] !== undefined) return;
    const name = this.#classes.newest;
    if (name !== undefined) spec.ingressClassName = name;
  }
}
