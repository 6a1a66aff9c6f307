import { Quantity } from '@keelson/machinery';

/** Amounts by resource name: limits, requests, capacities, quotas. */
export type ResourceList = Record<string, string>;

const milli = -3;

/** Rounds every amount away from zero to thousandths, in place: nothing accounts for less. */
export function roundResourceList(list: ResourceList | null | undefined): void {
  for (const [name, text] of Object.entries(list ?? {})) {
    if (mayBeFinerThanMilli(text)) (list as ResourceList)[name] = roundedUp(text);
  }
}

/** Only `n` and `u` suffixes and fractions reach below thousandths; nearly no amount has them. */
function mayBeFinerThanMilli(text: string): boolean {
  return /[nue.]/.test(text);
}

function roundedUp(text: string): string {
  const quantity = Quantity.parse(text);
  const [, scale] = quantity.parts;
  return scale >= milli ? text : Quantity.of(quantity.scaledValue(milli), milli, quantity.format).toString();
}
