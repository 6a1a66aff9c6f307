import { CelType, DYN, isDyn, sameType } from '../types/type.js';

/** What type parameters stand for, as far as type checking has found out. */
export class Substitutions {
  readonly #types = new Map<string, CelType>();
  /** What `#types` held before each change, so that an attempt that fails can be undone. */
  readonly #trail: (readonly [string, CelType | undefined])[] = [];
  #fresh = 0;

  newParameter(): CelType {
    return new CelType('parameter', `_var${this.#fresh++}`);
  }

  /** Whether a value of one type may stand for the other; binds parameters that make it so. */
  assignable(to: CelType, from: CelType): boolean {
    return this.#attempt(() => this.#assignable(to, from));
  }

  allAssignable(to: readonly CelType[], from: readonly CelType[]): boolean {
    return this.#attempt(() => this.#allAssignable(to, from));
  }

  /** The type with its parameters replaced; those that stand for nothing become dyn where it is said. */
  apply(type: CelType, unboundToDyn = false): CelType {
    const bound = type.kind === 'parameter' ? this.#types.get(type.name) : undefined;
    if (bound !== undefined) return this.apply(bound, unboundToDyn);
    if (type.kind === 'parameter') return unboundToDyn ? DYN : type;
    if (type.parameters.length === 0) return type;
    return type.with(type.parameters.map((parameter) => this.apply(parameter, unboundToDyn)));
  }

  #attempt(test: () => boolean): boolean {
    const mark = this.#trail.length;
    const succeeded = test();
    if (!succeeded) this.#undo(mark);
    this.#trail.length = succeeded ? 0 : mark;
    return succeeded;
  }

  #undo(mark: number): void {
    for (let i = this.#trail.length - 1; i >= mark; i--) {
      const [name, before] = this.#trail[i] as readonly [string, CelType | undefined];
      if (before === undefined) this.#types.delete(name);
      else this.#types.set(name, before);
    }
  }

  #bind(parameter: CelType, type: CelType): void {
    this.#trail.push([parameter.name, this.#types.get(parameter.name)]);
    this.#types.set(parameter.name, type);
  }

  #allAssignable(to: readonly CelType[], from: readonly CelType[]): boolean {
    return to.length === from.length && to.every((type, i) => this.#assignable(type, from[i] as CelType));
  }

  #assignable(a: CelType, b: CelType): boolean {
    if (b.kind === 'parameter') {
      const outcome = this.#substitute(a, b);
      if (outcome !== 'no') return outcome === 'yes';
    }
    if (a.kind === 'parameter') return this.#substitute(b, a) === 'yes';
    if (isDyn(a) || isDyn(b) || a.kind === 'error' || b.kind === 'error') return true;
    if (a.kind === 'null') return nullable(b);
    if (b.kind === 'null') return nullable(a);
    switch (a.kind) {
      case 'type':
        return b.kind === 'type';
      case 'list':
      case 'map':
      case 'opaque':
        return a.kind === b.kind && a.name === b.name && this.#allAssignable(a.parameters, b.parameters);
      default:
        return a.kind === b.kind && a.name === b.name;
    }
  }

  /** Whether `type` can be what `parameter` stands for. 'bound': it stands for something else already. */
  #substitute(type: CelType, parameter: CelType): 'yes' | 'no' | 'bound' {
    if (sameType(type, parameter)) return 'yes';
    const bound = this.#types.get(parameter.name);
    if (bound === undefined) {
      if (!this.#independent(parameter, type)) return 'no';
      this.#bind(parameter, type);
      return 'yes';
    }
    if (sameType(type, bound)) return 'yes';
    if (!this.#assignable(type, bound)) return 'bound';
    const general = lessSpecific(type, bound) ? type : bound;
    if (this.#independent(parameter, general)) this.#bind(parameter, general);
    return 'yes';
  }

  /** Whether a type can be bound to a parameter without standing for itself. */
  #independent(parameter: CelType, within: CelType): boolean {
    if (sameType(parameter, within)) return false;
    if (within.kind === 'parameter') {
      const bound = this.#types.get(within.name);
      return bound === undefined || this.#independent(parameter, bound);
    }
    return within.parameters.every((inner) => this.#independent(parameter, inner));
  }
}

function nullable(type: CelType): boolean {
  return ['opaque', 'struct', 'any', 'duration', 'timestamp', 'null'].includes(type.kind);
}

/** The more general of two types that are assignable to each other. */
export function mostGeneral(a: CelType, b: CelType): CelType {
  return lessSpecific(a, b) ? a : b;
}

function lessSpecific(a: CelType, b: CelType): boolean {
  if (isDyn(a) || a.kind === 'parameter') return true;
  if (isDyn(b) || b.kind === 'parameter' || a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'list':
    case 'map':
    case 'opaque':
      return (
        a.name === b.name &&
        a.parameters.length === b.parameters.length &&
        a.parameters.every((parameter, i) => lessSpecific(parameter, b.parameters[i] as CelType))
      );
    case 'type':
      return true;
    default:
      return sameType(a, b);
  }
}
