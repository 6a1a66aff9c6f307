import { dns1123Subdomain, type FieldError, type FieldPath, invalidField, qualifiedName, required, tooLong } from '@keelson/machinery';

const maxDriverNameBytes = 63;

/** Name of a CSI driver. Case does not matter. */
export function validateDriverName(name: string, at: FieldPath): FieldError[] {
  return [
    ...(name === '' ? [required(at)] : []),
    ...(Buffer.byteLength(name) > maxDriverNameBytes ? [tooLong(at, maxDriverNameBytes)] : []),
    ...dns1123Subdomain(name.toLowerCase()).map((detail) => invalidField(at, name, detail)),
  ];
}

/** Name of a provisioner: a CSI driver, or something older. Case does not matter, and messages show none. */
export function validateProvisioner(name: string, at: FieldPath): FieldError[] {
  if (name === '') return [required(at)];
  const lowerCase = name.toLowerCase();
  return qualifiedName(lowerCase).map((detail) => invalidField(at, lowerCase, detail));
}
