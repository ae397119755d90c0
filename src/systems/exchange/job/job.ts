import type { Composition } from '../compose/index.js';
import type { NormalRequest } from '../model/index.js';

/** How many events of a job are kept; older ones are dropped first. */
export const historyLimit = 200;

/** What happened to a job, in order. `sequence` counts from 1 and has no gaps. */
export interface JobEvent {
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly type: 'created' | 'asked' | 'answered' | 'failed' | 'recomposed' | 'expired' | 'revoked';
  /** Why or by what it happened, for people. */
  readonly cause: string;
  /** The question that it is about. */
  readonly question?: string;
}

/** An approved request's composition, which may be asked again until it ends. Plain JSON data. */
export interface Job {
  readonly id: string;
  readonly user: NormalRequest['user'];
  /** What was asked first: what it is approved and composed by again. Absent in jobs that older versions stored. */
  readonly question?: NormalRequest;
  readonly state: 'live' | 'expired' | 'revoked';
  readonly composition: Composition;
  /** How often it was composed, from 1 on. */
  readonly revision: number;
  /** Milliseconds since 1970, as are the other times. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Present where the job has ended. */
  readonly ended?: { readonly at: number; readonly because: string };
  /** Questions asked and neither answered nor failed. */
  readonly openQuestions: readonly string[];
  /** Questions asked so far, the first one included. */
  readonly questionsAsked: number;
  /** The last `historyLimit` events, oldest first. */
  readonly history: readonly JobEvent[];
}

/** What can be done to a job; `at` in milliseconds since 1970. */
export type JobCommand =
  | {
      readonly type: 'create';
      readonly at: number;
      readonly id: string;
      /** The first question, which says who asks. */
      readonly question: NormalRequest;
      readonly composition: Composition;
    }
  | {
      readonly type: 'ask';
      readonly at: number;
      /** An id of its own for this question. */
      readonly question: string;
    }
  | { readonly type: 'answered'; readonly at: number; readonly question: string }
  | { readonly type: 'failed'; readonly at: number; readonly question: string; readonly cause: string }
  /** Ends the job where its time has come; without effect before that, and on a job that has ended. */
  | { readonly type: 'expire'; readonly at: number }
  /** An agreement, archetype or step changed, and the job goes on with other chains; it never lives longer by that. */
  | {
      readonly type: 'recompose';
      readonly at: number;
      readonly composition: Composition;
      readonly cause: string;
    }
  | { readonly type: 'revoke'; readonly at: number; readonly cause: string };
