/** A member of a list, at one place of one list at a time. Links are owned by the list. */
export interface Linked<T> {
  previous: T | undefined;
  next: T | undefined;
}

/** Members in the order in which they came; any of them can leave at once. */
export class RequestList<T extends Linked<T>> implements Iterable<T> {
  #first: T | undefined;
  #last: T | undefined;

  get first(): T | undefined {
    return this.#first;
  }

  push(member: T): void {
    member.previous = this.#last;
    if (this.#last === undefined) this.#first = member;
    else this.#last.next = member;
    this.#last = member;
  }

  delete(member: T): void {
    const { previous, next } = member;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    member.previous = undefined;
    member.next = undefined;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let member = this.#first; member !== undefined; member = member.next) yield member;
  }
}
