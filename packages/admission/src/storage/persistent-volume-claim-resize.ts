import { type AdmissionAttributes, type AdmissionPlugin, type ObjectReader, Quantity } from '@keelson/machinery';
import type { core, storage } from '@keelson/schema';
import { onUpdate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';
import { claimOf, storageClassOf } from './written-claim.js';

type Claim = core.v1.PersistentVolumeClaim;

/** Claims grow only where their class lets them. */
export class PersistentVolumeClaimResize implements AdmissionPlugin {
  readonly name = 'PersistentVolumeClaimResize';
  readonly handles = onUpdate;
  readonly resources = ['persistentvolumeclaims'];
  readonly #classes: ObjectReader<storage.v1.StorageClass>;

  constructor(classes: ObjectReader<storage.v1.StorageClass>) {
    this.#classes = classes;
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const claim = claimOf(attributes, attributes.object);
    const old = claimOf(attributes, attributes.oldObject);
    if (claim === undefined || old === undefined || requestedBytes(claim).compare(requestedBytes(old)) <= 0) return;
    if (old.status.phase !== 'Bound') throw refusedWrite(attributes, 'Only bound persistent volume claims can be expanded');
    if (!(await this.#mayGrow(claim, old)))
      throw refusedWrite(
        attributes,
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      );
  }

  async #mayGrow(claim: Claim, old: Claim): Promise<boolean> {
    const name = storageClassOf(claim);
    if (name === '' || name !== storageClassOf(old)) return false;
    return (await this.#classes.get('', name))?.allowVolumeExpansion === true;
  }
}

function requestedBytes({ spec }: Claim): Quantity {
  const text = spec.resources.requests?.storage;
  return text === undefined ? Quantity.zero : Quantity.parse(text);
}
