import { describe, expect, it } from 'vitest';
import { stepText, uploadedText } from './upload-bar.js';

describe('stepText', () => {
  it('shows how far it is, how fast, what is left and what failed', () => {
    const step = { what: 'uploading', done: 512, total: 1_024, failed: 2, rate: 56, secondsLeft: 9.14 };
    expect(stepText(step)).toBe(
      'uploading [##########----------] 512 of 1,024, 56 a second, 9.1 s left, 2 failed',
    );
    const bytes = { done: 21_000_000, total: 42_000_000 };
    expect(
      stepText({ what: 'uploading', done: 1, total: 8, failed: 0, bytes, rate: 5.2e6, secondsLeft: 4 }),
    ).toBe('uploading [##########----------] 1 of 8, 21 MB of 42 MB, 5.2 MB a second, 4.0 s left');
    expect(stepText({ what: 'fetching', done: 0, total: 0, failed: 0, rate: 0 })).toBe(
      'fetching [####################] 0 of 0',
    );
  });
});

describe('uploadedText', () => {
  it('names what there is alone', () => {
    expect(uploadedText(1, 0, 0)).toBe('1 file uploaded.');
    expect(uploadedText(0, 1_000, 2)).toBe('0 files uploaded, 1,000 there already, 2 failed.');
  });
});
