const shown = 3;

/** The first few of many, and how many more there are: `a,b,c + 2 more...`; `<unset>` when there are none. */
export function firstFew(items: readonly string[]): string {
  const more = items.length - shown;
  const text = items.slice(0, shown).join(',');
  return more > 0 ? `${text} + ${more} more...` : text || '<unset>';
}
