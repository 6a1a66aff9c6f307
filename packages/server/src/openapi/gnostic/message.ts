import type { Json } from '@keelson/machinery';

/**
 * What a member of an OpenAPI document becomes: the number of a field, and its type: `string`, `bool`, `int`, `double`,
 * `yaml` (any value, as text), or the name of a message; `[]` before it for lists.
 */
export type FieldForm = readonly [number: number, type: string];

/** Members by name. */
export interface ObjectForm {
  readonly fields?: Readonly<Record<string, FieldForm>>;
  /** Members that the document names itself: entries of name and value. */
  readonly named?: FieldForm;
  /** Field of members whose names begin with `x-`. */
  readonly extensions?: number;
}

/** A value that is one field of its message, chosen by its look; undefined where the message has no place for it. */
export interface ChoiceForm {
  choose(value: Json): FieldForm | undefined;
}

/** gnostic's messages by name. https://github.com/google/gnostic */
export type MessageForms = Readonly<Record<string, ObjectForm | ChoiceForm>>;

/** Always the same field. */
export function wraps(number: number, type: string): ChoiceForm {
  const form = [number, type] as const;
  return { choose: () => form };
}

/** One field for `$ref`, another for everything else. */
export function orReference(value: FieldForm, reference: FieldForm): ChoiceForm {
  return { choose: (written) => (hasMember(written, '$ref') ? reference : value) };
}

function hasMember(value: Json, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}
