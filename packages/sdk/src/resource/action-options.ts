import type { KubeObject, UserInfo } from '@keelson/machinery';
import type { Fields } from '../schema/object-schema.js';
import type { AnySchema } from '../schema/schema.js';
import type { ObjectOf, Shape } from './object-of.js';

/** A POST to a subresource that does something with an object. */
export interface ActionRequest<T extends KubeObject> {
  readonly namespace: string;
  readonly name: string;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  warn(text: string): void;
  /** The object that it is about; throws 404 when there is none. */
  get(): Promise<T>;
  /** Changes the object in place, again when another writer was faster, and stores it. */
  update(change: (object: T) => void): Promise<T>;
  /** The same for its status, as writers of the status subresource change it: nothing else is stored. */
  updateStatus(change: (object: T) => void): Promise<T>;
}

/** A subresource whose body is of a kind of its own, such as pods/eviction. */
export interface ActionOptions<T extends KubeObject, Spec extends AnySchema, Status extends AnySchema, More extends Fields>
  extends Shape<Spec, Status, More> {
  /** Kind of the body, in the resource's main version. */
  readonly kind: string;
  readonly description?: string;
  /** Gives the answer's body; nothing for the body that was sent. */
  run(
    body: ObjectOf<Spec, Status, More>,
    request: ActionRequest<T>,
  ): ObjectOf<Spec, Status, More> | undefined | Promise<ObjectOf<Spec, Status, More> | undefined>;
}
