import type { JsonSchema } from '@keelson/schema';
import { type AnySchema, type Infer, Schema } from './schema.js';

/** Lists are replaced as a whole by server-side apply, unless they are sets or maps. */
export class ListSchema<Item extends AnySchema> extends Schema<Infer<Item>[]> {
  constructor(item: Item, json: Partial<JsonSchema> = {}) {
    super({ type: 'array', items: item.json, ...json } as JsonSchema, 'required');
  }

  minItems(count: number): this {
    return this.with({ minItems: count });
  }

  maxItems(count: number): this {
    return this.with({ maxItems: count });
  }

  /** No value twice; those who apply own single values. */
  set(): this {
    return this.with({ 'x-kubernetes-list-type': 'set' });
  }

  /** Items are known by these fields; those who apply own single items. */
  mapBy(...keys: readonly (keyof Infer<Item> & string)[]): this {
    return this.with({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [...keys] });
  }
}
