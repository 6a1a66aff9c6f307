import { type FieldError, type FieldPath, invalidField, type NameForm, required } from '@keelson/machinery';

/** A text that must have the form of a certain kind of name. */
export function validateForm(text: string, at: FieldPath, form: NameForm): FieldError[] {
  return form(text).map((detail) => invalidField(at, text, detail));
}

/** The same of a text that must be there. */
export function validateRequiredForm(text: string, at: FieldPath, form: NameForm): FieldError[] {
  return text === '' ? [required(at)] : validateForm(text, at, form);
}

/** The same of a text that may be absent. */
export function validateOptionalForm(text: string | undefined, at: FieldPath, form: NameForm): FieldError[] {
  return text === undefined || text === '' ? [] : validateForm(text, at, form);
}
