import { amountText, countText, durationText } from './figures.js';
import type { Terminal } from './terminal.js';

/** How far something is. */
export interface Step {
  /** What is done, as in `uploading`. */
  readonly what: string;
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  /** Per second. */
  readonly rate: number;
  readonly secondsLeft?: number | undefined;
}

/** Shows how far something is, until it is closed. */
export interface Bar {
  show(step: Step): void;
  close(): void;
}

/** `uploading [#####-----] 512 of 1,024, 56 a second, 9.1 s left, 2 failed`. */
export function stepText({ what, done, total, failed, rate, secondsLeft }: Step): string {
  const filled = total === 0 ? 20 : Math.floor((20 * done) / total);
  const parts = [
    `${what} [${'#'.repeat(filled)}${'-'.repeat(20 - filled)}] ${countText(done)} of ${countText(total)}`,
    ...(rate === 0 ? [] : [`${rate < 9.95 ? rate.toFixed(1) : countText(Math.round(rate))} a second`]),
    ...(secondsLeft === undefined || done === total ? [] : [`${durationText(secondsLeft * 1_000)} left`]),
    ...(failed === 0 ? [] : [`${countText(failed)} failed`]),
  ];
  return parts.join(', ');
}

/** One line that is drawn anew on a terminal; elsewhere a line for each tenth. */
export function openBar(terminal: Terminal): Bar {
  let told = '';
  return {
    show(step) {
      const text = stepText(step).slice(0, terminal.width);
      if (terminal.live) {
        terminal.draw(`\r\u001b[K${text}`);
        return;
      }
      const tenth = `${step.what} ${step.total === 0 ? 10 : Math.floor((10 * step.done) / step.total)}`;
      if (tenth !== told) terminal.note(text);
      told = tenth;
    },
    close() {
      if (terminal.live) terminal.draw('\r\u001b[K');
    },
  };
}

/** `3 files were uploaded, 2 were there already, 1 failed.` */
export function uploadedText(uploaded: number, known: number, failed: number): string {
  const parts = [
    `${amountText(uploaded, 'file')} uploaded`,
    ...(known === 0 ? [] : [`${countText(known)} there already`]),
    ...(failed === 0 ? [] : [`${countText(failed)} failed`]),
  ];
  return `${parts.join(', ')}.`;
}
