import { aggregate, dns1123Subdomain } from '@keelson/machinery';
import { type EncryptedObject, SourceType } from './kms-messages.js';

const MAX_KEY_ID_BYTES = 1024;
const MAX_SOURCE_BYTES = 1024;
const MAX_ANNOTATIONS_BYTES = 32 * 1024;

/** Throws unless what a plugin has answered can be stored, and what is stored can be a plugin's. */
export function checkEnvelope({ encryptedData, encryptedDekSource, encryptedDekSourceType: type, keyId, annotations }: EncryptedObject) {
  if (type !== SourceType.key && type !== SourceType.seed) throw new Error(`unknown encryptedDEKSourceType: ${type}`);
  if (encryptedData.length === 0) throw new Error('encrypted data is empty');
  check('encrypted DEK source', () => checkSource(encryptedDekSource));
  check('key id', () => checkKeyId(keyId));
  check('annotations', () => checkAnnotations(annotations));
}

/** Throws unless a plugin can call its key so. */
export function checkKeyId(keyId: string): void {
  const bytes = Buffer.byteLength(keyId);
  if (bytes === 0) throw new Error('keyID is empty');
  if (bytes > MAX_KEY_ID_BYTES) throw new Error(`keyID is ${bytes} bytes, which exceeds the max size of ${MAX_KEY_ID_BYTES}`);
}

function check(what: string, examine: () => void): void {
  try {
    examine();
  } catch (error) {
    throw new Error(`failed to validate ${what}: ${(error as Error).message}`, { cause: error });
  }
}

function checkSource({ length }: Buffer): void {
  if (length === 0) throw new Error('encrypted DEK source is empty');
  if (length > MAX_SOURCE_BYTES)
    throw new Error(`encrypted DEK source is ${length} bytes, which exceeds the max size of ${MAX_SOURCE_BYTES}`);
}

function checkAnnotations(annotations: EncryptedObject['annotations']): void {
  const problems: string[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    for (const problem of domainProblems(key)) problems.push(`annotations: Invalid value: ${JSON.stringify(key)}: ${problem}`);
    bytes += Buffer.byteLength(key) + value.length;
  }
  if (bytes > MAX_ANNOTATIONS_BYTES)
    problems.push(`total size of annotations is ${bytes}, which exceeds the max size of ${MAX_ANNOTATIONS_BYTES}`);
  if (problems.length > 0) throw new Error(aggregate(problems));
}

function domainProblems(name: string): readonly string[] {
  const problems = dns1123Subdomain(name.replace(/\.$/, ''));
  if (problems.length > 0) return problems;
  return name.split('.').length < 2 ? ['should be a domain with at least two segments separated by dots'] : [];
}
