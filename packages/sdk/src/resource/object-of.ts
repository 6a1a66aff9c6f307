import type { KubeObject, ObjectMeta } from '@keelson/machinery';
import type { Fields, ObjectOfFields } from '../schema/object-schema.js';
import type { AnySchema, Infer } from '../schema/schema.js';

/** What objects of a version consist of besides their metadata. */
export interface Shape<Spec extends AnySchema, Status extends AnySchema, More extends Fields> {
  readonly spec?: Spec;
  /** Written through the status subresource only. */
  readonly status?: Status;
  /** Fields beside spec and status, for kinds that are no specification of something. */
  readonly fields?: More;
}

/** The type of objects of such a shape. */
export type ObjectOf<Spec extends AnySchema, Status extends AnySchema, More extends Fields> = KubeObject &
  ([Spec] extends [never] ? unknown : { spec: Infer<Spec> }) &
  ([Status] extends [never] ? unknown : { status?: Infer<Status> }) &
  ([More] extends [never] ? unknown : ObjectOfFields<More>);

/** An object without what every object has: conversions give this, and metadata where they change it. */
export type Content<T extends KubeObject> = Omit<T, keyof KubeObject> & { metadata?: ObjectMeta };
