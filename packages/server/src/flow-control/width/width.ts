/** How much of a server a request takes, in seats: one is what an ordinary request takes while it is worked on. */
export interface Width {
  readonly seats: number;
  /** Seats that it takes for `finalMs` after its answer: those to whom a write is told still cost something. */
  readonly finalSeats: number;
  readonly finalMs: number;
}

export const ONE_SEAT: Width = { seats: 1, finalSeats: 0, finalMs: 0 };

export function seatsWide(seats: number): Width {
  return seats <= 1 ? ONE_SEAT : { seats, finalSeats: 0, finalMs: 0 };
}
