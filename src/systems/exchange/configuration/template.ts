/** The example consortium as a commented configuration file; what `starling init` writes. */
export function exampleConfiguration(): string {
  return example;
}

const example = `# Starling configuration: who takes part, what data there is, and who may ask what.
#
# Everything here can also be read and changed through the API. What was changed through the API is not overwritten
# when this file is read again. Errors are told with line and column.

# The organisations that take part. An id, such as VU, stands for the organisation in the rest of this file.
#   dataProvider     keeps data and answers questions over it
#   computeProvider  computes for others, as a trusted third party
#   requester        is the home of people who ask
parties:
  VU:
    name: Vrije Universiteit Amsterdam
    roles: [dataProvider, requester]
  UVA:
    name: Universiteit van Amsterdam
    roles: [dataProvider, requester]
  RUG:
    name: Rijksuniversiteit Groningen
    roles: [dataProvider]
  SURF:
    name: SURF
    roles: [computeProvider]

# What data there is. Columns are named with their table, as in Personen.Geslacht.
dataSets:
  wageGap:
    title: Staff and appointments of universities
    description: One row per person and reference date, and one per appointment of that person.

    # The columns that identify a person. The size of a group is counted in persons, by these columns; they never
    # leave as a figure or a group.
    unit: [Personen.Unieknr, Aanstellingen.Unieknr]

    # The tables. A type is needed only where a reader would guess wrong: this code starts with zeros.
    tables:
      Personen:
        title: People
        types:
          Nationaliteit: VARCHAR
      Aanstellingen:
        title: Appointments

    # The numbers that may be averaged, summed and so on.
    measures:
      Aanstellingen.Salschal:
        title: Salary scale
      Aanstellingen.Taakomv:
        title: Working hours
        description: In ten-thousandths of a full-time appointment; 10000 is full time.

    # The columns that an answer may be divided by.
    groups:
      - Personen.Geslacht
      - Personen.Nationaliteit
      - Personen.Peildat
      - Aanstellingen.HOOPgeb
      - Aanstellingen.Peildat

    # The columns that a query may restrict rows by.
    filters:
      - Personen.Geslacht
      - Personen.Gebdat
      - Personen.Nationaliteit
      - Personen.Peildat
      - Aanstellingen.HOOPgeb
      - Aanstellingen.Peildat

    # How columns are made less revealing where a request or an agreement asks for the step sql-anonymize.
    anonymize:
      Personen.Unieknr: { method: pseudonymize }
      Aanstellingen.Unieknr: { method: pseudonymize }
      Personen.Gebdat: { method: truncateDate, to: year }
      Aanstellingen.Taakomv: { method: band, width: 2000 }

    # What a request gets where it leaves something out.
    defaults:
      from: >-
        Personen JOIN Aanstellingen
        ON Personen.Unieknr = Aanstellingen.Unieknr AND Personen.Peildat = Aanstellingen.Peildat
      algorithm: average
      column: Aanstellingen.Salschal
      groupBy: [Personen.Geslacht]
      bins:
        Aanstellingen.Salschal: { width: 1 }
        Aanstellingen.Taakomv: { width: 1000 }

    # Names of their own for figures that are asked for often.
    resultNames:
      - algorithm: average
        column: Aanstellingen.Salschal
        group: { Personen.Geslacht: M }
        name: avg_salary_scale_men
      - algorithm: average
        column: Aanstellingen.Salschal
        group: { Personen.Geslacht: V }
        name: avg_salary_scale_women

    # Where each provider's rows come from. These are made up: equal seeds give equal rows. For real data, replace
    # "sample" by the files of the tables; a relative path starts at the folder of this file:
    #   VU:
    #     tables:
    #       Personen: { file: data/Personen.csv, delimiter: ";" }
    #       Aanstellingen: { file: data/Aanstellingen.parquet }
    sources:
      VU: { sample: { seed: 1 } }
      UVA: { sample: { seed: 2 } }
      RUG: { sample: { seed: 3 } }

# What each data provider allows, and whom. Who is not named gets nothing.
agreements:
  VU:
    title: Agreement of VU
    relations:
      # A researcher, who may ask for figures over groups of people.
      ada@university.example:
        requestTypes: [sqlDataRequest]
        # The columns that she may use, by data set and table; "*" instead of a list would stand for all columns.
        dataSets:
          wageGap:
            columns:
              Personen: [Unieknr, Geslacht, Nationaliteit, Peildat]
              Aanstellingen: [Unieknr, Peildat, Salschal, HOOPgeb, Taakomv]
        # Who may compute: VU itself (computeToData), VU and a third party that merges (federatedAggregate), or a third
        # party over the rows of all (dataThroughTtp).
        archetypes: [computeToData, federatedAggregate, dataThroughTtp]
        computeProviders: [SURF]
        # No group of fewer than 10 persons leaves, so an answer by nationality is without the rare ones. Rows may go to
        # a compute provider, but no further: without that, dataThroughTtp would be refused.
        output:
          form: aggregates
          minimumGroupSize: 10
          rowsAtComputeProvider: true
        # A run may take 60 seconds, and a job may be asked again for 24 hours.
        limits:
          timeSeconds: 60
          jobHours: 24

      # A data engineer, who may see single rows; but only anonymized, by the rules of the data set above.
      grace@university.example:
        requestTypes: [sqlDataRequest]
        dataSets:
          wageGap:
            columns:
              Personen: "*"
              Aanstellingen: "*"
        archetypes: [computeToData]
        output:
          form: rows
        requiredSteps: [sql-anonymize]
        limits:
          rows: 10000

    # Who gets nothing, with the reason they are told. This goes before any relation.
    denied:
      mallory@university.example: The earlier results were published without consent.

  UVA:
    title: Agreement of UVA
    relations:
      ada@university.example:
        requestTypes: [sqlDataRequest]
        dataSets:
          wageGap:
            columns:
              Personen: [Unieknr, Geslacht, Nationaliteit, Peildat]
              Aanstellingen: [Unieknr, Peildat, Salschal, HOOPgeb, Taakomv]
        archetypes: [computeToData, federatedAggregate, dataThroughTtp]
        computeProviders: [SURF]
        # UVA lets out smaller groups than VU. In one merged answer of both, the larger minimum counts.
        output:
          form: aggregates
          minimumGroupSize: 5
          rowsAtComputeProvider: true

  # RUG has an agreement, but no relation with Ada: it refuses her, and the others answer without it.
  RUG:
    title: Agreement of RUG
    relations:
      edsger@university.example:
        requestTypes: [sqlDataRequest]
        dataSets:
          wageGap:
            columns:
              Personen: [Unieknr, Geslacht, Peildat]
              Aanstellingen: [Unieknr, Peildat, Salschal]
        archetypes: [computeToData]
        output:
          form: aggregates
        # After the last moment of this day, in UTC, the relation allows nothing any more.
        expires: 2035-12-31

# The patterns of who computes and who releases what. Of those that every provider allows, the one with the highest
# weight is taken, unless a request asks for another. Without this section there are the built-in ones.
archetypes:
  computeToData:
    title: Compute to data
    description: Each provider computes at its own data and releases its own answer.
    weight: 200
    dataProvider:
      roles: [dataProvider, computeProvider]
      releases: answer
  federatedAggregate:
    title: Federated aggregate
    description: Each provider computes partial figures; a third party merges them into one answer.
    weight: 100
    dataProvider:
      roles: [dataProvider, computeProvider]
      releases: partials
    computeProvider:
      roles: [computeProvider]
      receives: partials
      releases: answer
  dataThroughTtp:
    title: Data through a trusted third party
    description: Each provider lets its rows go to a third party, which computes one answer over all of them.
    weight: 50
    dataProvider:
      roles: [dataProvider]
      releases: rows
    computeProvider:
      roles: [computeProvider]
      receives: rows
      releases: answer

# The kinds of requests. Steps that are required always run; an optional one runs where the request or an agreement
# asks for it. Without this section there is this one.
requestTypes:
  sqlDataRequest:
    title: SQL over a data set
    required: [sql-query]
    optional: [sql-anonymize, sql-aggregate, sql-algorithm, sql-graph]

# There may be a section "steps" as well, for steps of your own. The built-in ones are always there: sql-query,
# sql-anonymize, sql-aggregate, sql-algorithm and sql-graph.
`;
