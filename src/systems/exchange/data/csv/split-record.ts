/** The fields of one record in normalised form: RFC 4180 with `,`, without its line end. */
export function splitRecord(record: string): string[] {
  const fields: string[] = [];
  for (const match of record.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
  }
  return fields;
}
