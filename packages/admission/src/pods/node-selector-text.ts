import { type FieldError, invalidField, labelValue, NO_PATH, qualifiedName } from '@keelson/machinery';

/** Labels that nodes must have. */
export type NodeLabels = Readonly<Record<string, string>>;

/** Reads `zone=a,disk=ssd`. Throws with Kubernetes' text. */
export function parseNodeSelector(text: string): NodeLabels {
  const labels: Record<string, string> = {};
  for (const part of text === '' ? [] : text.split(',')) {
    const words = part.split('=');
    const [key = '', value = ''] = words.map((word) => word.trim());
    if (words.length !== 2) throw new Error(`invalid selector: [${words.join(' ')}]`);
    const problem = keyProblem(key) ?? valueProblem(key, value);
    if (problem !== undefined) throw new Error(problem.toString());
    labels[key] = value;
  }
  return labels;
}

function keyProblem(key: string): FieldError | undefined {
  const details = qualifiedName(key);
  // The selector stands in no object: its path prints as Go prints nothing.
  return details.length > 0 ? invalidField(NO_PATH, key, details.join('; ')) : undefined;
}

function valueProblem(key: string, value: string): FieldError | undefined {
  const details = labelValue(value);
  return details.length > 0 ? invalidField(`[${key}]`, value, details.join('; ')) : undefined;
}
