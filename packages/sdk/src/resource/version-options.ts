import type { KubeObject } from '@keelson/machinery';
import type { Fields } from '../schema/object-schema.js';
import type { AnySchema } from '../schema/schema.js';
import type { Content, ObjectOf, Shape } from './object-of.js';

/** Another version that a resource is served in. */
export interface VersionOptions<Hub extends KubeObject, Spec extends AnySchema, Status extends AnySchema, More extends Fields>
  extends Shape<Spec, Status, More> {
  /** From this version to the main one; pure. Metadata stays as it is, unless it gives another one. */
  readonly toMain: (object: ObjectOf<Spec, Status, More>) => Content<Hub>;
  /** Back. What this version has no field for is lost, unless it is kept in annotations. */
  readonly fromMain: (object: Hub) => Content<ObjectOf<Spec, Status, More>>;
  /** Warning of every answer in this version: true for the usual words. */
  readonly deprecated?: boolean | string;
}

/** A version without the types of its objects: what the resource is made of. */
export interface VersionParts {
  readonly version: string;
  readonly shape: Shape<AnySchema, AnySchema, Fields>;
  readonly deprecated: boolean | string;
  toMain(object: KubeObject): Content<KubeObject>;
  fromMain(object: KubeObject): Content<KubeObject>;
}
