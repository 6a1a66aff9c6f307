import { Quantity } from '@keelson/machinery';

/** How much of what: quantities by the names that quotas have for them. */
export type Amounts = ReadonlyMap<string, Quantity>;

export const ONE = Quantity.of(1);

export function parseAmounts(list: Readonly<Record<string, string>> | undefined): Map<string, Quantity> {
  return new Map(Object.entries(list ?? {}).map(([name, text]) => [name, Quantity.parse(text)]));
}

export function amountTexts(amounts: Amounts): Record<string, string> {
  return Object.fromEntries([...amounts].map(([name, quantity]) => [name, quantity.toString()]));
}

export function sum(a: Amounts, b: Amounts): Map<string, Quantity> {
  const total = new Map(a);
  for (const [name, quantity] of b) total.set(name, total.get(name)?.add(quantity) ?? quantity);
  return total;
}

/** What `a` has more than `b`: of each at least nothing. */
export function excess(a: Amounts, b: Amounts): Map<string, Quantity> {
  const more = new Map<string, Quantity>();
  for (const [name, quantity] of a) {
    const before = b.get(name);
    const difference = before === undefined ? quantity : quantity.sub(before);
    more.set(name, difference.sign > 0 ? difference : Quantity.zero);
  }
  return more;
}

/** Those that `keep` says yes to. */
export function pick(amounts: Amounts, keep: (name: string, quantity: Quantity) => boolean): Map<string, Quantity> {
  return new Map([...amounts].filter(([name, quantity]) => keep(name, quantity)));
}

export function sameAmounts(a: Amounts, b: Amounts): boolean {
  return a.size === b.size && [...a].every(([name, quantity]) => b.get(name)?.equals(quantity) ?? false);
}

/** `cpu=1,pods=2` */
export function describeAmounts(amounts: Amounts): string {
  return describeNames([...amounts].map(([name, quantity]) => `${name}=${quantity}`));
}

export function describeNames(names: Iterable<string>): string {
  return [...names].sort().join(',');
}
