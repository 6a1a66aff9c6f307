import { type FieldError, type FieldPath, type IntOrString, invalidField, portName } from '@keelson/machinery';

/** A port of an address. */
export function validatePortNumber(port: number, at: FieldPath): FieldError[] {
  return port >= 1 && port <= 65535 ? [] : [invalidField(at, port, 'must be between 1 and 65535, inclusive')];
}

/** A port, or the name that a container gives to one. */
export function validatePortNumberOrName(port: IntOrString, at: FieldPath): FieldError[] {
  if (typeof port === 'number') return validatePortNumber(port, at);
  return portName(port).map((detail) => invalidField(at, port, detail));
}
