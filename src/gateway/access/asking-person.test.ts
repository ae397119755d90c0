import { describe, expect, it } from 'vitest';
import type { Caller, Role } from '../../kernel/identity/index.js';
import { listedUser, withAskingPerson } from './asking-person.js';

const ada = 'ada@university.example';
const bob = 'bob@university.example';
const signedIn = (...roles: Role[]): Caller => ({ person: { id: ada, name: 'Ada', roles }, token: 't' });

describe('withAskingPerson', () => {
  it('fills in who is signed in', () => {
    const body: { readonly dataSet: string; readonly user?: { readonly id: string } } = {
      dataSet: 'wageGap',
    };
    expect(withAskingPerson(body, signedIn('requester'))).toEqual({
      dataSet: 'wageGap',
      user: { id: ada, name: 'Ada' },
    });
  });

  it('says of the person what the token says, whatever the body says', () => {
    const body = { user: { id: ada, name: 'The Director' } };
    expect(withAskingPerson(body, signedIn('requester')).user).toEqual({ id: ada, name: 'Ada' });
  });

  it('lets nobody ask in the name of another', () => {
    expect(() => withAskingPerson({ user: { id: bob } }, signedIn('requester', 'operator'))).toThrow(
      expect.objectContaining({ code: 'role-missing', message: expect.stringContaining(bob) }),
    );
  });

  it('believes the body in open mode, which must say it', () => {
    expect(withAskingPerson({ user: { id: bob } }, undefined).user).toEqual({ id: bob });
    expect(() => withAskingPerson({}, undefined)).toThrow(expect.objectContaining({ code: 'input-invalid' }));
  });
});

describe('listedUser', () => {
  it('is the requester, who may not see the list of another', () => {
    expect(listedUser(undefined, signedIn('requester'))).toBe(ada);
    expect(listedUser(ada, signedIn('requester'))).toBe(ada);
    expect(() => listedUser(bob, signedIn('requester'))).toThrow(
      expect.objectContaining({ code: 'not-yours' }),
    );
  });

  it('is whoever is asked for by others', () => {
    expect(listedUser(bob, signedIn('requester', 'operator'))).toBe(bob);
    expect(listedUser(undefined, signedIn('steward:VU'))).toBeUndefined();
    expect(listedUser(bob, undefined)).toBe(bob);
  });
});
