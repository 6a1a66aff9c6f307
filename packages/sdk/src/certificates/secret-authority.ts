import { ApiError, type KubeObject } from '@keelson/machinery';
import type { Cluster } from '../cluster/cluster.js';
import { resourcePath } from '../cluster/resource-path.js';
import { type Authority, isWornOut, newAuthority } from './authority.js';
import type { AuthorityKeeper } from './authority-keeper.js';
import { joinBundles } from './join-bundles.js';

const SECRETS = { group: '', version: 'v1', resource: 'secrets' };

interface Secret extends KubeObject {
  readonly type: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** Kept in a Secret of type kubernetes.io/tls, so that all replicas of a service sign with the same one. */
export class SecretAuthority implements AuthorityKeeper {
  readonly #cluster: Pick<Cluster, 'client' | 'objects'>;
  readonly #namespace: string;
  readonly #name: string;
  /** What was current before: who deletes the Secret wants another authority, not an outage. */
  #last: Authority | undefined;

  constructor(cluster: Pick<Cluster, 'client' | 'objects'>, namespace: string, name: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
    this.#name = name;
  }

  async current(now: Date): Promise<Authority> {
    this.#last = await this.#settle(now);
    return this.#last;
  }

  follow(onChange: () => void): () => void {
    const following = this.#cluster.objects.followOne(SECRETS, this.#namespace, this.#name, { set: onChange, delete: onChange });
    // It may have been replaced before it was followed.
    void following.synced.then(onChange);
    return () => following.stop();
  }

  /** Of replicas that begin at the same time one is first; the others take what it has made. */
  async #settle(now: Date): Promise<Authority> {
    for (;;) {
      const secret = await this.#read();
      const known = secret && authorityOf(secret);
      if (known !== undefined && !isWornOut(known, now)) return this.#withLast(known, now);
      const made = await newAuthority(this.#name, now, known ?? this.#last);
      if (await this.#write(made, secret)) return made;
    }
  }

  /** Those who still have a certificate of the last authority are to be trusted, too, whoever made the new one. */
  #withLast(known: Authority, now: Date): Authority {
    const last = this.#last;
    if (last === undefined || known.bundle.includes(last.certificate) || isWornOut(last, now)) return known;
    return { ...known, bundle: joinBundles(known.bundle, last.certificate) };
  }

  #read(): Promise<Secret | undefined> {
    return this.#cluster.client.find<Secret>(resourcePath(SECRETS, this.#namespace, this.#name));
  }

  /** False when another one was faster. */
  async #write({ certificate, privateKey, bundle }: Authority, old: Secret | undefined): Promise<boolean> {
    const body: Secret & { kind: string; apiVersion: string } = {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { ...old?.metadata, name: this.#name, namespace: this.#namespace },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': base64(certificate), 'tls.key': base64(privateKey), 'ca.crt': base64(bundle) },
    };
    const collection = resourcePath(SECRETS, this.#namespace);
    try {
      if (old === undefined) await this.#cluster.client.post(collection, body);
      else await this.#cluster.client.put(`${collection}/${this.#name}`, body);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 409) return false;
      throw error;
    }
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Undefined for a Secret that has not all of one. */
function authorityOf({ data = {} }: Secret): Authority | undefined {
  const [certificate, privateKey, bundle] = ['tls.crt', 'tls.key', 'ca.crt'].map((key) =>
    Buffer.from(data[key] ?? '', 'base64').toString(),
  );
  if (!certificate || !privateKey) return undefined;
  return { certificate, privateKey, bundle: bundle || certificate };
}
