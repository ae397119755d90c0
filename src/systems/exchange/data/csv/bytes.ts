/** The bytes that mean something in a CSV file. */
export const nul = 0x00;
export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;
export const quote = 0x22;
export const comma = 0x2c;
