import { randomBytes } from 'node:crypto';

/** 32 random bytes in base64url: a nonce, or what stands for a process. */
export function nonce(): string {
  return randomBytes(32).toString('base64url');
}
