import { aggregate, type Json, parseGroupVersion } from '@keelson/machinery';
import { audit, DecodeError, type ParsedBody, parseBody, readTypeMeta, strictDecodingError } from '@keelson/schema';
import { validatePolicy } from './validate-policy.js';

export interface ReadPolicy {
  readonly policy: audit.v1.Policy;
  /** What is in the file that no policy has: it is ignored, but meant something. */
  readonly warning?: string;
}

/** Reads an audit policy, JSON or YAML. Throws with what kube-apiserver says of bad ones. */
export function readPolicy(text: Buffer): ReadPolicy {
  const problems: string[] = [];
  const { policy, parsed } = decode(text, problems);
  const errors = validatePolicy(policy);
  if (errors.length > 0) throw new Error(aggregate(errors.map(String)));
  if (!policy.rules?.length) throw new Error('loaded illegal policy with 0 rules');
  const found = parsed.problems(problems, 'Strict');
  if (found.length === 0) return { policy };
  return { policy, warning: `Audit policy contains errors, falling back to lenient decoding: ${strictDecodingError(found)}` };
}

function decode(text: Buffer, problems: string[]): { readonly policy: audit.v1.Policy; readonly parsed: ParsedBody } {
  try {
    const parsed = parseBody(text, 'yaml');
    requireKind(parsed.value);
    return { policy: audit.v1.Policy.codec.fromJson(parsed.value, { add: (problem) => void problems.push(problem) }), parsed };
  } catch (error) {
    throw error instanceof DecodeError ? new Error(`failed decoding: ${error.message}`) : error;
  }
}

/** Nothing is read as a policy that does not say that it is one. */
function requireKind(value: Json): void {
  const { apiVersion, kind: given } = readTypeMeta(value);
  const kind = given || 'Policy';
  if (apiVersion === '') throw new Error(`unknown group version field audit.k8s.io/__internal, Kind=${kind} in policy`);
  if (parseGroupVersion(apiVersion) === undefined) throw new DecodeError(`unexpected GroupVersion string: ${apiVersion}`);
  if (apiVersion !== 'audit.k8s.io/v1' || kind !== 'Policy')
    throw new DecodeError(
      `no kind "${kind}" is registered for version "${apiVersion}" in scheme "k8s.io/apiserver/pkg/audit/scheme.go:30"`,
    );
}
