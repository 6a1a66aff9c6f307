/** What the lists of one resource have cost that the store had to answer; for metrics. */
export class ListCounters {
  lists = 0;
  /** Objects that the store has sent. */
  fetched = 0;
  /** Those of them that were looked at. */
  evaluated = 0;
  returned = 0;

  listed(fetched: number, evaluated: number, returned: number): void {
    this.lists += 1;
    this.fetched += fetched;
    this.evaluated += evaluated;
    this.returned += returned;
  }
}
