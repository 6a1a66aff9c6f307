/** The members of the cluster, one of them in use. Starts anywhere, so that replicas spread over the members. */
export class Members<M> {
  readonly all: readonly M[];
  #index: number;

  constructor(members: readonly M[]) {
    this.all = members;
    this.#index = Math.floor(Math.random() * members.length);
  }

  get current(): M {
    return this.all[this.#index] as M;
  }

  /** Moves on from a member that failed. Of many calls that failed on it together only the first has an effect. */
  leave(member: M): void {
    if (this.current === member) this.#index = (this.#index + 1) % this.all.length;
  }
}
