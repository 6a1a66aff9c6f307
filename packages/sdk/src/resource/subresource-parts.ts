import type { KubeObject } from '@keelson/machinery';
import type { Fields } from '../schema/object-schema.js';
import type { AnySchema } from '../schema/schema.js';
import type { ActionRequest } from './action-options.js';
import type { ConnectOptions } from './connect-options.js';
import type { Shape } from './object-of.js';

/** A subresource without the types of its parent: what the resource is made of. */
export type SubresourceParts =
  | {
      readonly type: 'action';
      readonly kind: string;
      readonly description: string;
      readonly shape: Shape<AnySchema, AnySchema, Fields>;
      run(body: KubeObject, request: ActionRequest<KubeObject>): KubeObject | undefined | Promise<KubeObject | undefined>;
    }
  | ({ readonly type: 'connect' } & ConnectOptions<KubeObject>);
