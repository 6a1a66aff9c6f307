import { Schema } from './schema.js';

export class StringSchema<T extends string = string> extends Schema<T> {
  minLength(characters: number): this {
    return this.with({ minLength: characters });
  }

  maxLength(characters: number): this {
    return this.with({ maxLength: characters });
  }

  /** RE2 syntax, which takes linear time; found anywhere unless anchored. */
  pattern(pattern: RegExp | string): this {
    return this.with({ pattern: typeof pattern === 'string' ? pattern : pattern.source });
  }

  /** A named format of Kubernetes: `ipv4`, `uri`, `duration`, `date-time` and so on. */
  format(format: string): this {
    return this.with({ format });
  }
}

export class NumberSchema extends Schema<number> {
  min(minimum: number): this {
    return this.with({ minimum });
  }

  max(maximum: number): this {
    return this.with({ maximum });
  }

  multipleOf(divisor: number): this {
    return this.with({ multipleOf: divisor });
  }
}
