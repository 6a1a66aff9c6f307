import { type FieldError, type FieldPath, forbiddenField, invalidField, notSupported, path, required } from '@keelson/machinery';
import type { flowcontrol } from '@keelson/schema';
import { validateMandatoryLevel } from './mandatory-specs.js';

type PriorityLevel = flowcontrol.v1.PriorityLevelConfiguration;
type Limited = flowcontrol.v1.LimitedPriorityLevelConfiguration;
type Queuing = flowcontrol.v1.QueuingConfiguration;

const specPath = path('spec');
const limitedPath = specPath.child('limited');
const maxQueues = 10_000_000;
/** What one 64-bit hash can deal a hand of queues with. */
const maxEntropyBits = 60;

/** Bits of a hash that dealing a hand without repetition from a deck takes. */
function entropyBits(deckSize: number, handSize: number): number {
  let bits = 0;
  for (let dealt = 0; dealt < handSize && bits <= maxEntropyBits; dealt++) bits += Math.log2(deckSize - dealt);
  return Math.ceil(bits);
}

function validateHandSize({ queues, handSize }: Queuing, at: FieldPath): FieldError[] {
  if (handSize <= 0) return [invalidField(at, handSize, 'must be positive')];
  if (handSize > queues) return [invalidField(at, handSize, `should not be greater than queues (${queues})`)];
  if (entropyBits(queues, handSize) <= maxEntropyBits) return [];
  const detail = `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${maxEntropyBits}`;
  return [invalidField(at, handSize, detail)];
}

function validateQueuing(queuing: Queuing, at: FieldPath): FieldError[] {
  const { queues, queueLengthLimit } = queuing;
  const queuesPath = at.child('queues');
  return [
    ...(queueLengthLimit > 0 ? [] : [invalidField(at.child('queueLengthLimit'), queueLengthLimit, 'must be positive')]),
    ...(queues > 0 ? [] : [invalidField(queuesPath, queues, 'must be positive')]),
    ...(queues > maxQueues ? [invalidField(queuesPath, queues, `must not be greater than ${maxQueues}`)] : []),
    ...validateHandSize(queuing, at.child('handSize')),
  ];
}

function validateLimitResponse({ type, queuing }: flowcontrol.v1.LimitResponse): FieldError[] {
  const at = limitedPath.child('limitResponse');
  const queuingPath = at.child('queuing');
  switch (type) {
    case 'Queue':
      if (queuing === undefined) return [required(queuingPath, 'must not be empty if limited.limitResponse.type is Limited')];
      return validateQueuing(queuing, queuingPath);
    case 'Reject':
      return queuing === undefined ? [] : [forbiddenField(queuingPath, 'must be nil if limited.limitResponse.type is not Limited')];
    default:
      return [notSupported(at.child('type'), type, ['Queue', 'Reject'])];
  }
}

function validateShares(shares: number | null | undefined, at: FieldPath): FieldError[] {
  return (shares ?? 0) >= 0 ? [] : [invalidField(at.child('nominalConcurrencyShares'), shares, 'must be a non-negative integer')];
}

function validateLendable(percent: number | undefined, at: FieldPath): FieldError[] {
  if (percent === undefined || (percent >= 0 && percent <= 100)) return [];
  return [invalidField(at.child('lendablePercent'), percent, 'must be between 0 and 100, inclusive')];
}

function validateLimited(limited: Limited): FieldError[] {
  const { borrowingLimitPercent: borrowing } = limited;
  return [
    ...validateShares(limited.nominalConcurrencyShares, limitedPath),
    ...validateLimitResponse(limited.limitResponse),
    ...validateLendable(limited.lendablePercent, limitedPath),
    ...(borrowing !== undefined && borrowing < 0
      ? [invalidField(limitedPath.child('borrowingLimitPercent'), borrowing, 'if specified, must be a non-negative integer')]
      : []),
  ];
}

function validateExempt(exempt: flowcontrol.v1.ExemptPriorityLevelConfiguration | undefined): FieldError[] {
  const at = specPath.child('exempt');
  return [...validateShares(exempt?.nominalConcurrencyShares, at), ...validateLendable(exempt?.lendablePercent, at)];
}

export function validatePriorityLevel(level: PriorityLevel): FieldError[] {
  return [...validateSpec(level), ...validateMandatoryLevel(level)];
}

function validateSpec({ metadata, spec }: PriorityLevel): FieldError[] {
  const { type, limited, exempt } = spec;
  const misnamed =
    (metadata.name === 'exempt') !== (type === 'Exempt')
      ? [invalidField(specPath.child('type'), type, "must be 'Exempt' if and only if `name` is 'exempt'")]
      : [];
  switch (type) {
    case 'Exempt':
      return [
        ...misnamed,
        ...(limited === undefined ? [] : [forbiddenField(limitedPath, 'must be nil if the type is not Limited')]),
        ...validateExempt(exempt),
      ];
    case 'Limited':
      return [
        ...misnamed,
        ...(exempt === undefined ? [] : [forbiddenField(specPath.child('exempt'), 'must be nil if the type is Limited')]),
        ...(limited === undefined ? [required(limitedPath, 'must not be empty when type is Limited')] : validateLimited(limited)),
      ];
    default:
      return [notSupported(specPath.child('type'), type, ['Exempt', 'Limited'])];
  }
}
