/** One person in one year: a row of `Personen_<U>.csv`, keyed by `unieknr` and `peildat`. Dates are YYYYMMDD. */
export interface PersonRow {
  readonly instcode: string;
  readonly unieknr: number;
  readonly geslacht: 'M' | 'V';
  readonly gebdat: string;
  /** Four digits; leading zeros belong to the code. */
  readonly nationaliteit: string;
  readonly bko: 0 | 1;
  readonly sko: 0 | 1;
  readonly peildat: string;
}

/** One appointment of a person in one year: a row of `Aanstellingen_<U>.csv`, keyed by `unieknr`, `volgnrar`, `peildat`. */
export interface AppointmentRow {
  readonly instcode: string;
  readonly unieknr: number;
  /** Which appointment of the person, from 1. */
  readonly volgnrar: number;
  /** V: permanent, T: for a time. */
  readonly aadnstvb: 'V' | 'T';
  readonly ingdatdv: string;
  readonly eindatdv: string;
  readonly hoopgeb: string;
  readonly functcat: string;
  readonly welGeenHGL: 0 | 1;
  /** Salary scale, 5 to 18. */
  readonly salschal: number;
  /** Working time in ten-thousandths of a full week. */
  readonly taakomv: number;
  readonly aanst22: string;
  readonly peildat: string;
}

/** A person in one year, with that person's appointments of the year. */
export interface PersonYear {
  readonly person: PersonRow;
  readonly appointments: readonly AppointmentRow[];
}

/** The staff of one university. Every appointment has its person of the same year. */
export interface Sample {
  readonly people: readonly PersonRow[];
  readonly appointments: readonly AppointmentRow[];
}
