import type { ApiGroup, Resource } from '@keelson/server';

/** Copies of resources that all servers of a process have in common: those of one server, bound to its store. */
export class OwnResources {
  readonly #copies = new Map<Resource, Resource>();

  /** The same for each group that the resource is in; a copy is its own. */
  of(shared: Resource): Resource {
    const known = this.#copies.get(shared);
    if (known !== undefined) return known;
    const copy = shared.copy();
    this.#copies.set(shared, copy).set(copy, copy);
    return copy;
  }

  in(group: ApiGroup): ApiGroup {
    return { ...group, resources: group.resources.map((resource) => this.of(resource)) };
  }
}
