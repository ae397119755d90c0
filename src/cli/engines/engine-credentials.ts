import { readFile } from 'node:fs/promises';
import { StarlingError } from '../../kernel/errors/index.js';

/** Variables of the environment; what is empty counts as not given. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Somebody's name at an engine, with the password. */
export interface UserPassword {
  readonly user: string;
  readonly password: string;
}

/** How NATS learns who connects: the text of a `.creds` file, a user, or a token. */
export type NatsCredentials = { readonly creds: string } | UserPassword | { readonly token: string };

/** What TLS needs besides its being asked for, as PEM; what is left out is the system's, or nothing. */
export interface EngineTls {
  /** Certificates of the authorities that vouch for the servers. */
  readonly ca?: string;
  /** A certificate of one's own, with its key. */
  readonly certificate?: string;
  readonly key?: string;
}

/**
 * Credentials for etcd: `STARLING_ETCD_USER` and `STARLING_ETCD_PASSWORD_FILE`, none where neither is given. Throws
 * `configuration-invalid` where one is given without the other, or a file cannot be read, as the others do.
 */
export async function etcdCredentials(environment: Environment): Promise<UserPassword | undefined> {
  return userPassword(environment, 'ETCD');
}

/**
 * Credentials for NATS: `STARLING_NATS_CREDS_FILE`, or `STARLING_NATS_TOKEN_FILE`, or `STARLING_NATS_USER` and
 * `STARLING_NATS_PASSWORD_FILE`; one of the three, or none.
 */
export async function natsCredentials(environment: Environment): Promise<NatsCredentials | undefined> {
  const ways = ['STARLING_NATS_CREDS_FILE', 'STARLING_NATS_TOKEN_FILE', 'STARLING_NATS_USER'];
  const chosen = ways.filter((name) => given(environment, name) !== undefined);
  if (chosen.length > 1) throw unusable(`${chosen.join(' and ')} are given. Give one of them.`);
  const creds = await fileOf(environment, 'STARLING_NATS_CREDS_FILE');
  if (creds !== undefined) return { creds };
  const token = await fileOf(environment, 'STARLING_NATS_TOKEN_FILE');
  if (token !== undefined) return { token: withoutNewline(token) };
  return userPassword(environment, 'NATS');
}

/**
 * What TLS to an engine needs: `STARLING_ETCD_CA_FILE`, `STARLING_ETCD_CERT_FILE` and `STARLING_ETCD_KEY_FILE`, or the
 * same of `NATS`.
 */
export async function engineTls(environment: Environment, engine: 'ETCD' | 'NATS'): Promise<EngineTls> {
  const nameOf = (what: string) => `STARLING_${engine}_${what}_FILE`;
  const ca = await fileOf(environment, nameOf('CA'));
  const certificate = await fileOf(environment, nameOf('CERT'));
  const key = await fileOf(environment, nameOf('KEY'));
  if ((certificate === undefined) !== (key === undefined)) {
    throw unusable(`A certificate needs its key. Give ${nameOf('CERT')} and ${nameOf('KEY')}, or neither.`);
  }
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined || key === undefined ? {} : { certificate, key }),
  };
}

async function userPassword(
  environment: Environment,
  engine: 'ETCD' | 'NATS',
): Promise<UserPassword | undefined> {
  const [userName, fileName] = [`STARLING_${engine}_USER`, `STARLING_${engine}_PASSWORD_FILE`];
  const user = given(environment, userName);
  const password = await fileOf(environment, fileName);
  if (user === undefined && password === undefined) return undefined;
  if (user !== undefined && password !== undefined) return { user, password: withoutNewline(password) };
  throw unusable(`A user needs a password. Give ${userName} and ${fileName}, or neither.`);
}

/** What is in the file that a variable names. */
async function fileOf(environment: Environment, name: string): Promise<string | undefined> {
  const file = given(environment, name);
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw unusable(
      `The file ${file} that ${name} names cannot be read. Name one that this user may read.`,
      cause,
    );
  }
}

function given(environment: Environment, name: string): string | undefined {
  return environment[name] === '' ? undefined : environment[name];
}

/** Editors end files with one. */
const withoutNewline = (text: string): string => text.replace(/\r?\n$/, '');

function unusable(message: string, cause?: unknown): StarlingError {
  return new StarlingError('configuration-invalid', message, { cause });
}
