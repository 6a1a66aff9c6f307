import {
  badRequest,
  conflict,
  type KubeObject,
  notFound,
  parseGroupVersion,
  quote,
  type ServiceAccountTokenGrant,
  type TokenReference,
} from '@keelson/machinery';
import type { authentication, core } from '@keelson/schema';
import type { Resource } from '@keelson/server';

type Reference = authentication.v1.BoundObjectReference;
type Bound = Pick<ServiceAccountTokenGrant, 'pod' | 'secret' | 'node'>;

/** The account that a token is for. */
interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** Finds the objects that tokens of service accounts can be bound to. */
export class BoundObjects {
  readonly #pods: Resource;
  readonly #secrets: Resource;
  readonly #nodes: Resource;

  constructor(pods: Resource, secrets: Resource, nodes: Resource) {
    this.#pods = pods;
    this.#secrets = secrets;
    this.#nodes = nodes;
  }

  /** What the request names, of the account's namespace. Throws when it is not there, or is another one than meant. */
  async find({ spec }: authentication.v1.TokenRequest, account: Account): Promise<Bound> {
    const reference = spec.boundObjectRef;
    if (!reference) return {};
    const { apiVersion = '', kind = '', name = '' } = reference;
    const { group, version } = parseGroupVersion(apiVersion) ?? { group: '', version: '' };
    switch (group === '' ? kind : '') {
      case 'Pod': {
        const pod = (await existing(this.#pods, account.namespace, name)) as core.v1.Pod;
        checkAccount(pod, account.name);
        const node = await this.#nodeOf(pod);
        return { pod: checked(reference, pod), ...(node && { node }) };
      }
      case 'Node':
        return { node: checked(reference, await existing(this.#nodes, '', name)) };
      case 'Secret':
        return { secret: checked(reference, await existing(this.#secrets, account.namespace, name)) };
      default:
        throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
    }
  }

  /** A node that is not there has a name all the same. */
  async #nodeOf({ spec }: core.v1.Pod): Promise<TokenReference | undefined> {
    if (!spec.nodeName) return undefined;
    const node = (await stored(this.#nodes, spec.nodeName, 'any')) ?? (await stored(this.#nodes, spec.nodeName, 'consistent'));
    return { name: spec.nodeName, uid: node?.metadata.uid ?? '' };
  }
}

async function stored(resource: Resource, path: string, at: 'any' | 'consistent'): Promise<KubeObject | undefined> {
  const { object } = await resource.store.get(path, { at });
  return object && resource.form.decode(object.value);
}

async function existing(resource: Resource, namespace: string, name: string): Promise<KubeObject> {
  const object = await stored(resource, resource.path(namespace, name), 'consistent');
  if (object === undefined) throw notFound(resource, name);
  return object;
}

function checkAccount({ spec }: core.v1.Pod, account: string): void {
  if (spec.serviceAccountName === account) return;
  throw badRequest(`cannot bind token for serviceaccount ${quote(account)} to pod running with different serviceaccount name.`);
}

function checked({ kind = '', name = '', uid = '' }: Reference, { metadata }: KubeObject): TokenReference {
  if (uid !== '' && uid !== metadata.uid) {
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: '', resource: kind }, name, why);
  }
  return { name: metadata.name ?? '', uid: metadata.uid ?? '' };
}
