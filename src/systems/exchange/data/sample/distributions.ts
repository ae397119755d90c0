import { weighted } from './random.js';

/** The days of the counts: a person has one row for each year of employment. */
export const countDays = ['20171231', '20181231', '20191231', '20201231'] as const;

/** How many of these years a person is there. */
export const yearsEmployed = weighted([
  [1, 50],
  [2, 25],
  [3, 13],
  [4, 12],
]);
/** HOOP sectors. */
export const sectors = weighted([
  ['G&M', 27],
  ['NATU', 22],
  ['DIV', 22],
  ['ECON', 12],
  ['RECH', 9],
  ['T&C', 8],
]);
/** Ten-thousandths of a full week. */
export const workingTimes = weighted([
  [10_000, 54],
  [8_000, 18],
  [6_000, 7],
  [5_000, 6],
  [9_000, 5],
  [4_000, 4],
  [2_000, 4],
  [7_500, 2],
]);
/** The nationalities of all but those who have a rare one; codes keep their leading zeros. */
export const nationalities = weighted([
  ['0001', 760],
  ['0055', 60],
  ['0052', 45],
  ['0064', 22],
  ['0060', 16],
  ['0223', 12],
  ['0312', 10],
  ['0077', 10],
  ['0057', 9],
  ['0059', 9],
  ['0307', 9],
  ['0339', 7],
  ['0041', 6],
  ['0074', 6],
]);
/** Codes that one to four persons have each, so that minimum group sizes have something to withhold. */
export const rareNationalities = Array.from({ length: 24 }, (_, at) => String(400 + at).padStart(4, '0'));

/** Functions by salary scale, from support to professor; codes in the form of the real files. */
export const functions: readonly { readonly upTo: number; readonly codes: readonly string[] }[] = [
  { upTo: 7, codes: ['30820', '30830', '30310', '21150'] },
  { upTo: 9, codes: ['30210', '21040', '10940', '10930'] },
  { upTo: 10, codes: ['11010', '10720', '10840'] },
  { upTo: 12, codes: ['10710', '10830', '10520'] },
  { upTo: 14, codes: ['10620', '10610', '10510'] },
  { upTo: 18, codes: ['100110', '100910', '10210'] },
];
