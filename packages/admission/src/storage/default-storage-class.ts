import type { AdmissionAttributes, AdmissionPlugin, ObjectAccess } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { MarkedClasses } from '../marked-classes.js';
import { onCreate } from '../operations.js';
import { claimOf, hasStorageClass } from './written-claim.js';

const STORAGE_CLASSES = { group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses' };

/** Claims that name no class get the default one, where there is one. */
export class DefaultStorageClass implements AdmissionPlugin {
  readonly name = 'DefaultStorageClass';
  readonly handles = onCreate;
  readonly resources = ['persistentvolumeclaims'];
  readonly #classes = new MarkedClasses('storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class');

  constructor(objects: ObjectAccess) {
    objects.follow(STORAGE_CLASSES, this.#classes);
  }

  admit(attributes: AdmissionAttributes): void {
    const claim = claimOf(attributes, attributes.object);
    if (claim !== undefined && !hasStorageClass(claim)) setClass(claim, this.#classes.newest);
  }
}

function setClass({ spec }: core.v1.PersistentVolumeClaim, name: string | undefined): void {
  if (name !== undefined) spec.storageClassName = name;
}
