import type { AdmissionAttributes, Authorizer, Features, ObjectAccess, ObjectReader } from '@keelson/machinery';
import type { core, storage } from '@keelson/schema';

/** What the rules for nodes look at besides what is written. */
export class RestrictionContext {
  readonly pods: ObjectReader<core.v1.Pod>;
  readonly nodes: ObjectReader<core.v1.Node>;
  readonly serviceAccounts: ObjectReader<core.v1.ServiceAccount>;
  readonly claims: ObjectReader<core.v1.PersistentVolumeClaim>;
  readonly volumes: ObjectReader<core.v1.PersistentVolume>;
  readonly csiDrivers: ObjectReader<storage.v1.CSIDriver>;

  constructor(
    objects: ObjectAccess,
    readonly authorizer: Authorizer,
    readonly features: Features,
  ) {
    const core = (resource: string) => ({ group: '', version: 'v1', resource });
    this.pods = objects.reader(core('pods'));
    this.nodes = objects.reader(core('nodes'));
    this.serviceAccounts = objects.reader(core('serviceaccounts'));
    this.claims = objects.reader(core('persistentvolumeclaims'));
    this.volumes = objects.reader(core('persistentvolumes'));
    this.csiDrivers = objects.reader({ group: 'storage.k8s.io', version: 'v1', resource: 'csidrivers' });
  }
}

/** What nodes may not do to one resource: throws when `node` does it. */
export type Restriction = (attributes: AdmissionAttributes, node: string, context: RestrictionContext) => Promise<void> | void;
