import { costs } from '../cost/costs.js';
import type { Mapping } from '../values/collections.js';
import type { MapLiteral as MapValue } from '../values/map-literal.js';
import type { CelValue } from '../values/value.js';
import { charged, local } from './plan.js';
import type { Code } from './run.js';

/** Adds to the list that a loop builds, in place. */
export function append(slot: number, more: Code): Code {
  return charged(costs.name + costs.call, (run) => {
    const added = more(run) as readonly CelValue[];
    const list = local(run, slot) as CelValue[];
    for (const element of added) list.push(element);
    return list;
  });
}

/** Adds to the map that a loop builds, in place. */
export function insert(slot: number, [first, second]: [Code, Code?]): Code {
  return charged(costs.name + costs.call, (run) => {
    const map = local(run, slot) as MapValue;
    const added = first(run);
    if (second === undefined) map.insertAll(added as Mapping);
    else map.insert(added, second(run));
    return map;
  });
}
