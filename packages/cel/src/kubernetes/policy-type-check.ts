import type { TypeSchema } from '@keelson/schema';
import type { Environment } from '../environment/environment.js';
import { admissionEnvironments } from './admission.js';
import { compileExpression } from './expression.js';
import { ObjectTypes } from './object-types.js';
import { PolicyVariables } from './variables.js';

/** What a policy is checked against: objects of one of the kinds that it is about, and parameters. */
export interface CheckedTypes {
  readonly object: TypeSchema;
  readonly params: TypeSchema | undefined;
}

/**
 * Checks expressions of policies as if it were known of which kind objects are: what was written as it stands may still
 * be wrong for some of the kinds.
 */
export class PolicyTypeCheck {
  readonly #environment: Environment;

  constructor({ object, params }: CheckedTypes, variables: readonly { readonly name: string; readonly expression: string }[]) {
    const types = new ObjectTypes();
    const type = types.objectType(object);
    const typed = admissionEnvironments({ params: false, authorizer: true }).forStored.extend({
      variables: { object: type, oldObject: type, ...(params && { params: types.objectType(params) }) },
      types,
    });
    const scope = new PolicyVariables();
    for (const { name, expression } of variables) scope.add(name, expression, typed);
    this.#environment = variables.length === 0 ? typed : scope.within(typed);
  }

  /** What is wrong, in the words of Kubernetes. */
  problemOf(expression: string): string | undefined {
    return compileExpression(expression, this.#environment).problem;
  }
}
