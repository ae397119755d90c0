import { z } from 'zod';
import type { RemovedUser } from '../../systems/exchange/index.js';
import { isoTime, listOf } from './shared-parts.js';

/** Somebody whom the operator removed. */
export const removedUserSchema = z
  .strictObject({
    user: z.string(),
    cause: z.string(),
    at: isoTime,
    by: z.string().exactOptional().describe('Who removed the user; absent in open mode.'),
  })
  .meta({ id: 'RemovedUser' }) satisfies z.ZodType<RemovedUser>;

/** All who are removed. */
export const removedUserListSchema = listOf(removedUserSchema, 'RemovedUserList');
