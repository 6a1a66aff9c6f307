import { type FieldError, type FieldPath, invalidField, type NameForm } from '@keelson/machinery';

/** A text that must have the form of a certain kind of name. */
export function validateForm(text: string, at: FieldPath, form: NameForm): FieldError[] {
  return form(text).map((detail) => invalidField(at, text, detail));
}
