import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  type AuthorizationAttributes,
  type AuthorizationDecision,
  type Authorizer,
  type KindResource,
  type ObjectAccess,
  type ObjectMeta,
  type OwnerReference,
  parseGroupVersion,
  semanticallyEqual,
  type UserInfo,
} from '@keelson/machinery';
import { onCreateAndUpdate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';

/**
 * Who gives an object to an owner may delete the object, for that is what garbage collection will do with it; and who
 * keeps an owner from being deleted before it may write the owner's finalizers.
 */
export class OwnerReferencesPermissionEnforcement implements AdmissionPlugin {
  readonly name = 'OwnerReferencesPermissionEnforcement';
  readonly handles = onCreateAndUpdate;
  readonly #authorizer: Authorizer;
  readonly #objects: Pick<ObjectAccess, 'resourcesOf'>;

  constructor(authorizer: Authorizer, objects: Pick<ObjectAccess, 'resourcesOf'>) {
    this.#authorizer = authorizer;
    this.#objects = objects;
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const { operation, object, oldObject } = attributes;
    if (isPodStatus(attributes) || object === undefined || !changesOwners(object.metadata, oldObject?.metadata)) return;
    // Who makes an object could as well not have made it.
    if (operation === 'UPDATE') await this.#requireDeletion(attributes);
    const blocking = newlyBlocking(object.metadata, oldObject?.metadata);
    if (blocking.length === 0 || (await this.#mayWriteAllFinalizers(attributes.user))) return;
    for (const owner of blocking) await this.#requireFinalizers(attributes, owner);
  }

  async #requireDeletion(attributes: AdmissionAttributes): Promise<void> {
    const { resource, subresource, namespace, name, user } = attributes;
    const { group, version } = resource;
    const asked = { verb: 'delete', namespace, apiGroup: group, apiVersion: version, resource: resource.resource, subresource, name };
    await this.#require(attributes, request(user, asked), "cannot set an ownerRef on a resource you can't delete");
  }

  /** One question that spares the others, where the answer is yes. */
  async #mayWriteAllFinalizers(user: UserInfo): Promise<boolean> {
    const everything = {
      verb: 'update',
      namespace: '',
      apiGroup: '*',
      apiVersion: '*',
      resource: '*',
      subresource: 'finalizers',
      name: '*',
    };
    return (await this.#authorizer.authorize(request(user, everything))).decision === 'allow';
  }

  /** A kind may be that of several resources: then the user must have what is asked on each. */
  async #requireFinalizers(attributes: AdmissionAttributes, owner: OwnerReference): Promise<void> {
    for (const { resource, namespaced } of this.#resourcesOf(attributes, owner)) {
      const asked = {
        verb: 'update',
        // An owner that is in a namespace is in that of what it owns.
        namespace: namespaced ? attributes.namespace : '',
        apiGroup: resource.group,
        apiVersion: resource.version,
        resource: resource.resource,
        subresource: 'finalizers',
        name: owner.name,
      };
      const why = "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on";
      await this.#require(attributes, request(attributes.user, asked), why);
    }
  }

  #resourcesOf(attributes: AdmissionAttributes, { apiVersion, kind }: OwnerReference): readonly KindResource[] {
    const cannot = (why: string) =>
      refusedWrite(
        attributes,
        `cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion ${apiVersion} Kind ${kind}: ${why}`,
      );
    const groupVersion = parseGroupVersion(apiVersion);
    if (groupVersion === undefined) throw cannot(`unexpected GroupVersion string: ${apiVersion}`);
    const resources = this.#objects.resourcesOf({ ...groupVersion, kind });
    if (resources.length > 0) return resources;
    throw cannot(`no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`);
  }

  async #require(attributes: AdmissionAttributes, asked: AuthorizationAttributes, why: string): Promise<void> {
    const decision = await this.#authorizer.authorize(asked);
    if (decision.decision !== 'allow') throw refusedWrite(attributes, `${why}: ${explanation(decision)}`);
  }
}

/** Both parts are always printed, also where there is nothing to say. */
function explanation({ reason = '', error }: AuthorizationDecision): string {
  return `${reason}, ${error === undefined ? '<nil>' : error instanceof Error ? error.message : String(error)}`;
}

type Asked = Pick<AuthorizationAttributes, 'verb' | 'namespace' | 'apiGroup' | 'apiVersion' | 'resource' | 'subresource' | 'name'>;

function request(user: UserInfo, asked: Asked): AuthorizationAttributes {
  return { ...asked, user, resourceRequest: true, path: '' };
}

/** Old kubelets spoil the owners of pods when they write their status; nobody can change them there. */
function isPodStatus({ resource, subresource }: AdmissionAttributes): boolean {
  return resource.group === '' && resource.resource === 'pods' && subresource === 'status';
}

function changesOwners({ ownerReferences = [] }: ObjectMeta, old: ObjectMeta | undefined): boolean {
  return !semanticallyEqual(ownerReferences, old?.ownerReferences ?? []);
}

/** Owners that wait for this object from now on. */
function newlyBlocking({ ownerReferences = [] }: ObjectMeta, old: ObjectMeta | undefined): OwnerReference[] {
  const before = new Map(old?.ownerReferences?.map((owner) => [owner.uid, owner]));
  return ownerReferences.filter((owner) => owner.blockOwnerDeletion && !before.get(owner.uid)?.blockOwnerDeletion);
}
