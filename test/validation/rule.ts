import type { Change } from './change.js';

/** A rule about objects, with one object that keeps it and one that breaks it. */
export interface Rule {
  /** The rule in words; of one kind, no two alike. */
  readonly rule: string;
  /** What is sent: a new object (unless given otherwise), a changed one, or a changed one to a subresource. */
  readonly on?: 'create' | 'update' | `update/${string}` | `create/${string}`;
  /** What makes the kind's example the object that is there before an update. A status is written on its own. */
  readonly before?: Change;
  /** Whether that object is being deleted. It has a finalizer then, from `before`. */
  readonly deleting?: boolean;
  /** What makes the example (for an update: the object that is there) one that keeps the rule. */
  readonly accepted: Change;
  /** What makes it one that breaks the rule. */
  readonly refused: Change;
  /** Every error in order, as `<path>: <kind>[: <value>][: <detail>]`; a cause each. `{uid}` stands for any UID, `{name}` for the object's name. */
  readonly errors: readonly string[];
  /** The refusal when it is not one of an object that is invalid; `{name}` in its message is the object's. */
  readonly refusal?: { readonly code: number; readonly reason: string; readonly message: string };
}

/** The rules of one kind. */
export interface RulesOfKind {
  /** The collection, as in `/apis/apps/v1/namespaces/default/deployments`. */
  readonly collection: string;
  /** `<Kind>[.<group>]`, as errors name it. */
  readonly kind: string;
  /** An object that breaks no rule. A name that is missing is given by who plays the rules. */
  readonly example: { readonly metadata?: { readonly name?: string }; readonly [field: string]: unknown };
  /** Where else in the example a name stands that is made up. */
  readonly named?: (name: string) => Change;
  /** Where objects are made that are to be changed, when another version lets in more. */
  readonly madeIn?: string;
  /** What must be there before: objects of other kinds, each with its collection. A status is written on its own. */
  readonly given?: readonly { readonly collection: string; readonly object: object }[];
  readonly rules: readonly Rule[];
}
