import type { GroupVersionResource, Log, ObjectAccess, ServiceResolver } from '@keelson/machinery';
import { type ApiServer, ResourceLayer } from '@keelson/server';
import type { ResourceStore } from '@keelson/storage';
import { type Definition, isTrue } from '../conditions/definition-condition.js';
import { ConversionWebhook } from '../conversion/conversion-webhook.js';
import { ConvertingStore } from '../conversion/converting-store.js';
import { Publication } from '../publishing/publication.js';
import type { CustomResourceLayer } from './custom-resource-layer.js';
import { type CustomVersion, customResources, isConvertedByWebhook } from './custom-resources.js';
import { fingerprintOf, isServable, reachable, type ServedDefinition } from './served-definition.js';

export const DEFINITIONS: GroupVersionResource = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' };

export interface CustomResourceServerOptions {
  readonly server: ApiServer;
  readonly layer: CustomResourceLayer;
  readonly objects: ObjectAccess;
  /** Finds the services that conversion webhooks stand behind. */
  readonly services: ServiceResolver;
  /** Starts every key, no slash at its end: `/registry`. */
  readonly keyPrefix: string;
  readonly log: Log;
}

/** Serves what the definitions in the store say, from the moment they say it. Every replica follows them by itself. */
export class CustomResourceServer {
  readonly #options: CustomResourceServerOptions;
  readonly #served = new Map<string, ServedDefinition>();
  readonly #publication: Publication;
  readonly #resources: ResourceLayer;

  /** Follows from before the server starts, so that it serves all there is from its first request on. */
  constructor(options: CustomResourceServerOptions) {
    this.#options = options;
    this.#publication = new Publication(options.server);
    this.#resources = new ResourceLayer('custom resources', { ...options.server.resources.options, loosePaths: true });
    options.layer.connect(this.#resources);
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
    const terminating = isTrue(definition, 'Terminating');
    const isNews = !current.published || current.terminating !== terminating;
    current.terminating = terminating;
    if (!isNews || !isTrue(definition, 'Established')) return;
    current.published = true;
    this.#publication.publish(name, current.groupResource.group, reachable(current), terminating);
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
    const webhook = this.#webhook(definition);
    const versions = customResources(definition, webhook, server.instruments.ruleTimes);
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
    for (const version of versions) version.resource.bind(storeOf(version, store, webhook));
    for (const version of reachable(served)) {
      this.#resources.install(version);
      server.loopback.served.add(version);
    }
    this.#served.set(name, served);
    layer.set(served);
    return served;
  }

  #webhook({ spec }: Definition): ConversionWebhook | undefined {
    if (!isConvertedByWebhook(spec)) return undefined;
    const asked = spec.conversion?.webhook ?? { conversionReviewVersions: null };
    return new ConversionWebhook(asked, { services: this.#options.services, credentials: () => ({}) });
  }

  /** Watches end; what was told of it is told no more. */
  #withdraw(name: string): void {
    const { server, layer } = this.#options;
    const served = this.#served.get(name);
    if (served === undefined) return;
    this.#served.delete(name);
    layer.delete(served);
    for (const version of reachable(served)) {
      this.#resources.uninstall(version);
      server.loopback.served.remove(version);
    }
    server.feed.remove(this.#prefix(served));
    this.#publication.withdraw(name, served.groupResource.group);
  }

  #prefix({ groupResource: { group, resource } }: ServedDefinition): string {
    return `${this.#options.keyPrefix}/${group}/${resource}/`;
  }
}

/** The store of a version: the one that all share, or what a webhook makes of it. */
function storeOf({ shown, written, resource }: CustomVersion, store: ResourceStore, webhook: ConversionWebhook | undefined): ResourceStore {
  return webhook === undefined ? store : new ConvertingStore({ store, shown, written, webhook, indexer: resource.form.indexer });
}
