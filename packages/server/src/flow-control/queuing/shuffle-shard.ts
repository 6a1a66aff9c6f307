import { createHash } from 'node:crypto';

/** Hash of a flow: the same on every replica, and in kube-apiserver. */
export function flowHash(schema: string, distinguisher: string): bigint {
  return createHash('sha256').update(schema).update('\0').update(distinguisher).digest().readBigUInt64LE();
}

/** Draws `handSize` different cards from a deck of `deckSize` as the hash says (KEP-1040, shuffle sharding). */
export function dealHand(hash: bigint, deckSize: number, handSize: number): number[] {
  const hand: number[] = [];
  const drawn: number[] = [];
  let rest = hash;
  for (let at = 0; at < handSize; at++) {
    const left = BigInt(deckSize - at);
    const place = Number(rest % left);
    rest /= left;
    // Among the cards that are left: each card drawn before moves those behind it up.
    let card = place;
    for (let earlier = at - 1; earlier >= 0; earlier--) if (card >= (drawn[earlier] as number)) card++;
    drawn.push(place);
    hand.push(card);
  }
  return hand;
}
