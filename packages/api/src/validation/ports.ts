import { type FieldError, type FieldPath, invalidField } from '@keelson/machinery';

const maxPort = 65535;

export function validatePortNumber(port: number, at: FieldPath): FieldError[] {
  return port >= 1 && port <= maxPort ? [] : [invalidField(at, port, `must be between 1 and ${maxPort}, inclusive`)];
}
