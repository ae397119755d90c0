/** Ids that sort in the order in which they were made: `t-`, their time in milliseconds since 1970, a number and a random part. */
export class TaskIds {
  #at = 0;
  #number = 0;

  /**
   * @param at milliseconds since 1970; a clock that was set back counts as standing still
   * @param random lower-case digits and letters, so that ids of several processes differ
   */
  next(at: number, random: string): string {
    if (at > this.#at) {
      this.#at = at;
      this.#number = 0;
    } else this.#number += 1;
    const time = Math.floor(this.#at).toString(36).padStart(9, '0');
    return `t-${time}${this.#number.toString(36).padStart(4, '0')}${random}`;
  }
}
