import type { Rule } from '../../rule.js';
import { unsupported } from '../format-messages.js';
import { ruleOfField } from './rule-of-schema.js';

const text = { type: 'string' };
const TYPE = 'x-kubernetes-list-type';
const KEYS = 'x-kubernetes-list-map-keys';
const MAP = 'x-kubernetes-map-type';

const keyed = { type: 'object', required: ['k'], properties: { k: text } };
const list = (items: object, type?: string) => ({ type: 'array', items, [TYPE]: type });
const map = (items: object, ...keys: readonly string[]) => ({ ...list(items, 'map'), [KEYS]: keys });
const withKey = (k: object) => ({ ...keyed, properties: { k } });

export const listRules: readonly Rule[] = [
  ruleOfField(
    'lists merge in a known way',
    list(text, 'set'),
    list(text, 'bag'),
    `.${TYPE}: ${unsupported('bag', 'atomic', 'set', 'map')}`,
  ),
  ruleOfField(
    'only lists merge as lists',
    list(text, 'atomic'),
    { ...text, [TYPE]: 'atomic' },
    `.type: Invalid value: "string": must be array if ${TYPE} is specified`,
  ),
  ruleOfField(
    'maps merge in a known way',
    { type: 'object', [MAP]: 'granular' },
    { type: 'object', [MAP]: 'fine' },
    `.${MAP}: ${unsupported('fine', 'atomic', 'granular')}`,
  ),
  ruleOfField(
    'only maps merge as maps',
    { type: 'object', [MAP]: 'atomic' },
    { ...text, [MAP]: 'atomic' },
    `.type: Invalid value: "string": must be object if ${MAP} is specified`,
  ),
  ruleOfField(
    'only lists that are maps have keys',
    map(keyed, 'k'),
    { ...list(keyed), [KEYS]: ['k'] },
    `.${TYPE}: Required value: must be map if ${KEYS} is non-empty`,
  ),
  ruleOfField(
    'lists that merge otherwise have no keys',
    map(keyed, 'k'),
    { ...list(keyed, 'atomic'), [KEYS]: ['k'] },
    `.${TYPE}: Invalid value: "atomic": must be map if ${KEYS} is non-empty`,
  ),
  ruleOfField(
    'lists that are maps have keys',
    map(keyed, 'k'),
    map(keyed),
    `.${KEYS}: Required value: must not be empty if ${TYPE} is map`,
  ),
  ruleOfField(
    'keys are properties of items',
    map(keyed, 'k'),
    map(keyed, 'k', 'l'),
    `.${KEYS}: Invalid value: ["k","l"]: entries must all be names of item properties`,
  ),
  ruleOfField(
    'keys are named once',
    map(keyed, 'k'),
    map(keyed, 'k', 'k'),
    `.${KEYS}: Invalid value: ["k","k"]: must not contain duplicate entries`,
  ),
  ruleOfField(
    'keys are scalars',
    map(keyed, 'k'),
    map(withKey({ type: 'object' }), 'k'),
    `.items.properties[k].type: Invalid value: "object": must be a scalar type if parent array's ${TYPE} is map`,
  ),
  ruleOfField(
    'items with keys are objects',
    map(keyed, 'k'),
    map(text, 'k'),
    `.items.type: Invalid value: "string": must be object if parent array's ${TYPE} is map`,
  ),
  ruleOfField(
    'keys are there',
    map({ type: 'object', properties: { k: { ...text, default: 'a' } } }, 'k'),
    map({ ...keyed, required: [] }, 'k'),
    `.items.properties[k].default: Required value: this property is in ${KEYS}, so it must have a default or be a required property`,
  ),
  ruleOfField(
    'keys are not null',
    map(keyed, 'k'),
    map(withKey({ ...text, nullable: true }), 'k'),
    `.items.properties[k].nullable: Forbidden: this property is in ${KEYS}, so it cannot be nullable`,
  ),
  ruleOfField(
    'items with keys are not null',
    map(keyed, 'k'),
    map({ ...keyed, nullable: true }, 'k'),
    `.items.nullable: Forbidden: cannot be nullable when ${TYPE} is map`,
  ),
  ruleOfField(
    'items of sets are not null',
    list(text, 'set'),
    list({ ...text, nullable: true }, 'set'),
    `.items.nullable: Forbidden: cannot be nullable when ${TYPE} is set`,
  ),
  ruleOfField(
    'lists in sets are atomic',
    list(list(text, 'atomic'), 'set'),
    list(list(text, 'set'), 'set'),
    `.items.${TYPE}: Invalid value: "set": must be atomic as item of a list with ${TYPE}=set`,
  ),
  ruleOfField(
    'objects in sets are atomic',
    list({ ...keyed, [MAP]: 'atomic' }, 'set'),
    list(keyed, 'set'),
    `.items.${MAP}: Invalid value: null: must be atomic as item of a list with ${TYPE}=set`,
  ),
];
