import { parseJson } from '@keelson/schema';
import { stringify } from 'yaml';

/** A JSON text as YAML with its keys sorted, as every Kubernetes YAML printer has them. */
export function yamlText(json: string): string {
  return stringify(parseJson(json), {
    version: '1.1',
    sortMapEntries: true,
    indentSeq: false,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}
