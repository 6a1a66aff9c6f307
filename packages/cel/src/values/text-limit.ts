import { EvaluationError } from './evaluation-error.js';

/** In UTF-16 units. Far more than a request holds; what costs little by cel-go's rules could otherwise grow without end. */
const MAX_LENGTH = 2 ** 24;

/** Throws where a text that is about to be made is too long. */
export function limitText(length: number): void {
  if (length > MAX_LENGTH) throw new EvaluationError(`a string cannot have more than ${MAX_LENGTH} characters`);
}
