import { type KubeObject, parseGroupVersion } from '@keelson/machinery';
import { codecOf } from '../codec/codec.js';
import type { Codec, KindSchema } from '../kind.js';
import type { TypeSchema } from '../schema.js';
import { typeSchema } from '../table/type-schema.js';

/** The kind whose messages proto/ declares as `fullName`. Schema and codec are made on first use. */
export function builtInKind<T extends object = KubeObject>(apiVersion: string, fullName: string): KindSchema<T> {
  return new BuiltInKind<T>(apiVersion, fullName);
}

/** Full name of the message that a built-in kind is: `core.v1.Pod`. */
export function messageNameOf(kind: KindSchema<object>): string {
  if (!(kind instanceof BuiltInKind)) throw new Error(`${kind.kind} is not built in`);
  return kind.fullName;
}

/** The same kind answering to another group-version: DeleteOptions and the like are known to all of them. */
export function kindIn<T extends object>(kind: KindSchema<T>, apiVersion: string): KindSchema<T> {
  return new BuiltInKind<T>(apiVersion, messageNameOf(kind));
}

class BuiltInKind<T extends object> implements KindSchema<T> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly fullName: string;

  constructor(apiVersion: string, fullName: string) {
    const groupVersion = parseGroupVersion(apiVersion);
    if (!groupVersion) throw new Error(`not an apiVersion: ${apiVersion}`);
    this.group = groupVersion.group;
    this.version = groupVersion.version;
    this.kind = fullName.slice(fullName.lastIndexOf('.') + 1);
    this.fullName = fullName;
  }

  get type(): TypeSchema {
    return typeSchema(this.fullName);
  }

  get codec(): Codec<T> {
    return codecOf<T>(this.fullName);
  }
}
