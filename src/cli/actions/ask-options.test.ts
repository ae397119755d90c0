import { describe, expect, it } from 'vitest';
import { requestBody } from '../../systems/exchange/model/index.js';
import { type AskOptions, meansDefaultAlgorithm, requestBodyOf } from './ask-options.js';

const body = (options: AskOptions, query?: string) =>
  requestBodyOf({ user: 'ada@u.example', ...options }, query, {});

describe('requestBodyOf', () => {
  it('leaves it to a token to say who asks, unless an option does', () => {
    const asker = { environmentUser: 'grace@u.example', signedIn: true };
    expect(requestBodyOf({}, undefined, asker)).toEqual({});
    expect(requestBodyOf({ user: 'ada@u.example' }, undefined, asker)).toEqual({
      user: { id: 'ada@u.example' },
    });
  });

  it('leaves to the gateway what is not given', () => {
    expect(body({})).toEqual({ user: { id: 'ada@u.example' } });
  });

  it('has a place for every option, in the form that the API takes', () => {
    const made = body(
      {
        providers: 'VU, UVA,VU',
        dataSet: 'wageGap',
        algorithm: 'histogram',
        column: 'Salschal',
        by: 'Geslacht,HOOPgeb',
        total: true,
        bins: '0.5,-1',
        anonymize: true,
        options: 'regions, bands',
        archetype: 'federatedAggregate',
        computeProvider: 'SURF',
        mixedArchetypes: true,
        allowPartial: true,
        timeLimit: '2.5',
      },
      'SELECT 1',
    );
    expect(made).toEqual({
      user: { id: 'ada@u.example' },
      dataProviders: ['VU', 'UVA'],
      dataSet: 'wageGap',
      query: 'SELECT 1',
      algorithm: {
        name: 'histogram',
        column: 'Salschal',
        groupBy: ['Geslacht', 'HOOPgeb'],
        total: true,
        bins: { width: 0.5, origin: -1 },
      },
      options: { anonymize: true, regions: true, bands: true },
      archetype: 'federatedAggregate',
      computeProvider: 'SURF',
      mixedArchetypes: true,
      allowPartial: true,
      limits: { timeSeconds: 2.5 },
    });
    expect(requestBody.parse(made)).toEqual(made);
  });

  it('takes the user of the environment where no other is given, and says how to give one', () => {
    expect(requestBodyOf({}, undefined, { environmentUser: 'grace@u.example' }).user?.id).toBe(
      'grace@u.example',
    );
    expect(
      requestBodyOf({ user: 'ada@u.example' }, undefined, { environmentUser: 'grace@u.example' }).user?.id,
    ).toBe('ada@u.example');
    expect(() => requestBodyOf({}, undefined, { environmentUser: '' })).toThrow(
      'Who asks? Give --user, or set STARLING_USER. In the example consortium that is ada@university.example.',
    );
  });

  it('takes bins for a histogram, and leaves other options to the default algorithm', () => {
    expect(body({ bins: '5' }).algorithm).toEqual({ name: 'histogram', bins: { width: 5 } });
    const choices: AskOptions[] = [
      { by: 'a' },
      { total: true },
      { bins: '5' },
      { algorithm: 'sum', by: 'a' },
      {},
    ];
    expect(choices.map(meansDefaultAlgorithm)).toEqual([true, true, false, false, false]);
  });

  it("divides by nothing for --by ''", () => {
    expect(body({ algorithm: 'count', by: '' }).algorithm).toEqual({ name: 'count', groupBy: [] });
  });

  it.each<[AskOptions, string]>([
    [
      { algorithm: 'avrage' },
      'There is no algorithm avrage (did you mean average?); there are average, count',
    ],
    [{ by: 'Geslacht' }, '--by says how an algorithm is to compute, and there is none. Add --algorithm'],
    [{ algorithm: 'histogram', bins: '0' }, 'The width in --bins is above 0; 0 is not.'],
    [{ algorithm: 'histogram', bins: '1,2,3' }, '"1,2,3" has more.'],
    [{ algorithm: 'histogram', bins: 'wide' }, '--bins takes a width'],
    [{ timeLimit: 'soon' }, '--time-limit takes a number of seconds, and "soon" is not.'],
    [{ providers: ' , ' }, '--providers names nobody.'],
    [{ query: 'a', queryFile: 'b' }, '--query and --query-file both give the query.'],
    [{ job: 'ada-1', dataSet: 'x' }, 'leave out --data-set, or ask a new question without --job.'],
    [{ job: 'ada-1', dryRun: true }, 'A job cannot be tried: leave out --dry-run'],
    [{ dryRun: true, output: 'x.csv' }, '--dry-run answers nothing that --output could write.'],
    [{ result: '1' }, '--result says what --output writes'],
  ])('refuses %j', (options, message) => {
    expect(() => body(options)).toThrow(message);
    expect(() => body(options)).toThrow(expect.objectContaining({ code: 'input-invalid' }));
  });
});
