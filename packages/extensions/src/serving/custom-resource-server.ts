import type { GroupVersionResource, Log, ObjectAccess } from '@keelson/machinery';
import type { ApiServer } from '@keelson/server';
import { type Definition, isTrue } from '../conditions/definition-condition.js';
import { Publication } from '../publishing/publication.js';
import type { CustomResourceLayer } from './custom-resource-layer.js';
import { customResources } from './custom-resources.js';
import { fingerprintOf, isServable, reachable, type ServedDefinition } from './served-definition.js';

export const DEFINITIONS: GroupVersionResource = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' };

export interface CustomResourceServerOptions {
  readonly server: ApiServer;
  readonly layer: CustomResourceLayer;
  readonly objects: ObjectAccess;
  /** Starts every key, no slash at its end: `/registry`. */
  readonly keyPrefix: string;
  readonly log: Log;
}

/** Serves what the definitions in the store say, from the moment they say it. Every replica follows them by itself. */
export class CustomResourceServer {
  readonly #options: CustomResourceServerOptions;
  readonly #served = new Map<string, ServedDefinition>();
  readonly #publication: Publication;

  /** Follows from before the server starts, so that it serves all there is from its first request on. */
  constructor(options: CustomResourceServerOptions) {
    this.#options = options;
    this.#publication = new Publication(options.server);
    options.layer.connect(options.server.resources);
    options.objects.follow<Definition>(DEFINITIONS, {
      set: (definition) => this.#set(definition),
      delete: (definition) => this.#withdraw(definition.metadata.name ?? ''),
    });
  }

  #set(definition: Definition): void {
    const name = definition.metadata.name ?? '';
    const old = this.#served.get(name);
    if (!isServable(definition)) {
      this.#withdraw(name);
      return;
    }
    const current = old?.fingerprint === fingerprintOf(definition) ? old : this.#serve(name, definition);
    if (current === undefined) return;
    current.terminating = isTrue(definition, 'Terminating');
    if (!current.published && isTrue(definition, 'Established')) {
      current.published = true;
      this.#publication.publish(name, current.groupResource.group, reachable(current));
    }
  }

  /** A definition that cannot be served as it is costs nobody else anything. */
  #serve(name: string, definition: Definition): ServedDefinition | undefined {
    this.#withdraw(name);
    try {
      return this.#install(name, definition);
    } catch (error) {
      this.#options.log.error('a custom resource cannot be served', { definition: name, error });
      return undefined;
    }
  }

  #install(name: string, definition: Definition): ServedDefinition {
    const { server, layer } = this.#options;
    const versions = customResources(definition);
    const served: ServedDefinition = {
      name,
      groupResource: { group: definition.spec.group, resource: definition.status.acceptedNames.plural },
      fingerprint: fingerprintOf(definition),
      versions,
      terminating: false,
      published: false,
    };
    const [first] = versions;
    if (first === undefined) throw new Error('no version is stored');
    const { form, namespaced } = first.resource;
    const store = server.feed.resource({ prefix: this.#prefix(served), namespaced, indexer: form.indexer });
    for (const { resource } of versions) resource.bind(store);
    for (const version of reachable(served)) {
      server.resources.install(version);
      server.loopback.add(version);
    }
    this.#served.set(name, served);
    layer.set(served);
    return served;
  }

  /** Watches end; what was told of it is told no more. */
  #withdraw(name: string): void {
    const { server, layer } = this.#options;
    const served = this.#served.get(name);
    if (served === undefined) return;
    this.#served.delete(name);
    layer.delete(name);
    for (const version of reachable(served)) {
      server.resources.uninstall(version);
      server.loopback.remove(version);
    }
    server.feed.remove(this.#prefix(served));
    this.#publication.withdraw(name, served.groupResource.group);
  }

  #prefix({ groupResource: { group, resource } }: ServedDefinition): string {
    return `${this.#options.keyPrefix}/${group}/${resource}/`;
  }
}
