import { describe, expect, it } from 'vitest';
import { wrongInLines, wrongViews } from './check-views.js';

const settings = [
  { value: 3, from: 0, to: 0 },
  { value: 5, from: 100, to: 120 },
  { value: 4, from: 200, to: Number.POSITIVE_INFINITY },
];
const view = (value: number, from: number, to: number) => ({ value, from, to });

describe('what was seen of a setting', () => {
  it('is right where it counted at a moment of the question', () => {
    const right = [
      view(3, 10, 20),
      view(3, 90, 130),
      view(3, 110, 115),
      view(5, 110, 111),
      view(5, 121, 130),
    ];
    const unanswered = [view(5, 300, 310), view(4, 300, 310), view(4, 150, 200)];
    expect(wrongViews(settings, [...right, ...unanswered])).toEqual([]);
  });

  it('is wrong where it came too early or stayed too long', () => {
    const wrong = [
      view(5, 10, 99),
      view(3, 121, 130),
      view(4, 150, 199),
      view(3, 300, 310),
      view(6, 110, 300),
    ];
    expect(wrongViews(settings, wrong)).toEqual(wrong);
  });
});

describe('lines of a log', () => {
  const line = (sequence: number, instance: string, text: string) => ({ sequence, instance, text });

  it('are right where each instance has its numbers in order', () => {
    const lines = [
      line(3, 'a', 'beat 10'),
      line(4, 'b', 'beat 0'),
      line(5, 'a', 'beat 20'),
      line(7, 'a', 'hello'),
    ];
    expect(wrongInLines(lines)).toEqual([]);
  });

  it('are wrong where one comes again, or not in order', () => {
    const lines = [
      line(3, 'a', 'beat 10'),
      line(5, 'b', 'beat 10'),
      line(4, 'a', 'beat 10'),
      line(6, 'b', 'beat 0'),
    ];
    expect(wrongInLines(lines)).toEqual([
      'line 4 of the log comes after line 5',
      'a wrote beat 10 after beat 10, as its log has it',
      'b wrote beat 0 after beat 10, as its log has it',
    ]);
  });
});
