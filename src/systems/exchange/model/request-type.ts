import { z } from 'zod';
import { objectName } from './names.js';

/** A kind of request: the steps that it always has, and those it may have. */
export const requestType = z
  .strictObject({
    title: z.string().min(1).max(200),
    description: z.string().max(2_000).exactOptional(),
    required: z.array(objectName).min(1),
    optional: z.array(objectName),
  })
  .check((context) => {
    const { required, optional } = context.value;
    for (const [index, name] of optional.entries()) {
      if (!required.includes(name)) continue;
      const message = `step ${name} is required already; remove it from optional`;
      context.issues.push({ code: 'custom', input: name, path: ['optional', index], message });
    }
  });
export type RequestType = z.infer<typeof requestType>;
