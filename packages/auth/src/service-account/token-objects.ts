import { findObject, type KubeObject, type ObjectAccess, type ObjectReader } from '@keelson/machinery';

export interface AccountObject extends KubeObject {
  readonly secrets?: readonly { readonly name?: string }[];
}

export interface SecretObject extends KubeObject {
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
}

const core = (resource: string) => ({ group: '', version: 'v1', resource });

/** The objects that tokens of service accounts name. */
export class TokenObjects {
  readonly #accounts: ObjectReader<AccountObject>;
  readonly #secrets: ObjectReader<SecretObject>;
  readonly #pods: ObjectReader;
  readonly #nodes: ObjectReader;

  constructor(objects: ObjectAccess) {
    this.#accounts = objects.reader(core('serviceaccounts'));
    this.#secrets = objects.reader(core('secrets'));
    this.#pods = objects.reader(core('pods'));
    this.#nodes = objects.reader(core('nodes'));
  }

  account(namespace: string, name: string): Promise<AccountObject | undefined> {
    return findObject(this.#accounts, namespace, name);
  }

  secret(namespace: string, name: string): Promise<SecretObject | undefined> {
    return findObject(this.#secrets, namespace, name);
  }

  pod(namespace: string, name: string): Promise<KubeObject | undefined> {
    return findObject(this.#pods, namespace, name);
  }

  node(name: string): Promise<KubeObject | undefined> {
    return findObject(this.#nodes, '', name);
  }
}
