/** The function that macros which build maps call; no expression can write its name. */
export const MAP_INSERT = 'cel.@mapInsert';
