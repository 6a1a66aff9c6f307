import type { GroupVersionResource } from '@keelson/machinery';
import type { LoopbackClient } from '@keelson/server';
import type { MigratedObject, MigratedResource, ObjectPage } from './migrate-objects.js';

/** A resource of this very server. */
export class LoopbackResource implements MigratedResource {
  constructor(
    private readonly client: LoopbackClient,
    private readonly gvr: GroupVersionResource,
  ) {}

  page(continueToken: string | undefined, limit: number): Promise<ObjectPage> {
    return this.client.listNames(this.gvr, { limit, continueToken });
  }

  touch({ namespace, name }: MigratedObject): Promise<string> {
    return this.client.update(this.gvr, namespace, name, () => undefined);
  }
}
