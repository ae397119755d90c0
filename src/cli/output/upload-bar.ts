import { amountText, bytesText, countText, durationText } from './figures.js';
import type { Terminal } from './terminal.js';

/** How far something is. */
export interface Step {
  /** What is done, as in `uploading`. */
  readonly what: string;
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  /** The bytes of it, where those show how far it is. */
  readonly bytes?: { readonly done: number; readonly total: number };
  /** Per second; of bytes where those are given. */
  readonly rate: number;
  readonly secondsLeft?: number | undefined;
}

/** Shows how far something is, until it is closed. */
export interface Bar {
  show(step: Step): void;
  close(): void;
}

/**
 * `processing [#####-----] 512 of 1,024, 56 a second, 9.1 s left, 2 failed`, or with bytes
 * `uploading [#####-----] 3 of 8, 21 MB of 40 MB, 5.2 MB a second, 3.7 s left`.
 */
export function stepText(step: Step): string {
  const { what, done, total, failed, bytes, rate, secondsLeft } = step;
  const filled = Math.floor(20 * shareOf(step));
  const perSecond =
    bytes !== undefined ? bytesText(rate) : rate < 9.95 ? rate.toFixed(1) : countText(Math.round(rate));
  const parts = [
    `${what} [${'#'.repeat(filled)}${'-'.repeat(20 - filled)}] ${countText(done)} of ${countText(total)}`,
    ...(bytes === undefined ? [] : [`${bytesText(bytes.done)} of ${bytesText(bytes.total)}`]),
    ...(rate === 0 ? [] : [`${perSecond} a second`]),
    ...(secondsLeft === undefined || done === total ? [] : [`${durationText(secondsLeft * 1_000)} left`]),
    ...(failed === 0 ? [] : [`${countText(failed)} failed`]),
  ];
  return parts.join(', ');
}

/** How much of the whole is done, from 0 to 1. */
function shareOf({ done, total, bytes = { done, total } }: Step): number {
  return bytes.total === 0 ? 1 : bytes.done / bytes.total;
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
      const tenth = `${step.what} ${Math.floor(10 * shareOf(step))} ${step.done === step.total}`;
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
