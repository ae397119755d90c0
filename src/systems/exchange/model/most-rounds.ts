/** Most rounds of one fit. Newton's method takes fewer than ten, where there is something to find. */
export const mostRounds = 25;
