/** Set while JSON is brought into canonical form when an object had members that its type does not know. */
export const unknownMembers = { found: false };
