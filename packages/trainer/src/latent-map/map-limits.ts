/** How many neighbours of a point the measures of a space and of a map compare. */
export const measuredNeighbours = 10;

/** Fewest points that a map can be made of: trustworthiness compares the neighbours of a point with twice as many others. */
export const fewestMapPoints = 2 * measuredNeighbours + 1;
