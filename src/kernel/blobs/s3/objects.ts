import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandInput,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { ByteRange } from '../blobs.js';
import { resumedBytes } from './resumed-bytes.js';
import { isConflict, isMissing, s3Error } from './s3-error.js';

/** Parts of a large object: at most 10,000 of them, so 160 GB, and four at once in memory. */
const partBytes = 16 * 1_048_576;
const partsAtOnce = 4;
/** How often a small object is asked for whose answers break off. */
const mostTries = 3;

/** What an object has to be like for a write to count: absent, or with this tag. */
export type Condition = 'absent' | { readonly tag: string };

/** An object that a list names. */
export interface ListedObject {
  readonly name: string;
  /** By the store's clock, milliseconds since 1970. */
  readonly changedMs: number;
}

/** A small object with its content. */
export interface SmallObject {
  readonly text: string;
  /** Changes with the content. */
  readonly tag: string;
}

/** Where the next page of unfinished uploads begins. */
type UploadMarkers = Pick<ListMultipartUploadsCommandInput, 'KeyMarker' | 'UploadIdMarker'>;

/** The objects below a prefix of a bucket. What cannot be done throws a `StarlingError`. */
export class Objects {
  readonly bucket: string;
  readonly #client: S3Client;
  readonly #prefix: string;

  constructor(client: S3Client, bucket: string, prefix: string) {
    this.#client = client;
    this.bucket = bucket;
    this.#prefix = prefix === '' ? '' : `${prefix}/`;
  }

  /** Undefined where there is none. */
  read(name: string): Promise<SmallObject | undefined> {
    return this.#ask('An object could not be read', async () => {
      try {
        return await this.#readWhole(name);
      } catch (thrown) {
        if (isMissing(thrown)) return undefined;
        throw thrown;
      }
    });
  }

  /** The bytes of an object, as they come; undefined where there is none. */
  stream(name: string, range?: ByteRange): Promise<AsyncGenerator<Buffer> | undefined> {
    const what = 'The bytes of a blob could not be read';
    return this.#ask(what, async () => {
      try {
        const { Body, ContentLength = 0, ETag } = await this.#get(name, range);
        const start = range?.start ?? 0;
        const bytes = resumedBytes(Body as Readable, { start, end: start + ContentLength }, async (rest) => {
          const answer = await this.#get(name, rest, ETag);
          return answer.Body as Readable;
        });
        return this.#pieces(what, bytes);
      } catch (thrown) {
        if (isMissing(thrown)) return undefined;
        throw thrown;
      }
    });
  }

  /** When it was changed by the store's clock, milliseconds since 1970; undefined where there is none. */
  changedMs(name: string): Promise<number | undefined> {
    return this.#ask('An object could not be looked at', async () => {
      try {
        return (await this.#client.send(new HeadObjectCommand(this.#at(name)))).LastModified?.getTime();
      } catch (thrown) {
        if (isMissing(thrown)) return undefined;
        throw thrown;
      }
    });
  }

  /** Its new tag; undefined where the condition does not hold, which may be for an earlier try of this very write. */
  put(name: string, body: string | Buffer, condition?: Condition): Promise<string | undefined> {
    const only =
      condition === undefined
        ? {}
        : condition === 'absent'
          ? { IfNoneMatch: '*' }
          : { IfMatch: condition.tag };
    return this.#ask('An object could not be written', async () => {
      try {
        const command = new PutObjectCommand({ ...this.#at(name), ...only, Body: body });
        return (await this.#client.send(command)).ETag ?? '';
      } catch (thrown) {
        if (condition !== undefined && isConflict(thrown)) return undefined;
        throw thrown;
      }
    });
  }

  /** Stores what comes, in parts, each with its SHA-256; nothing is left of it where the source fails. */
  upload(name: string, source: Readable): Promise<void> {
    return this.#ask('The bytes of a blob could not be written', async () => {
      const params = { ...this.#at(name), Body: source, ChecksumAlgorithm: 'SHA256' as const };
      const parts = { partSize: partBytes, queueSize: partsAtOnce };
      await new Upload({ client: this.#client, params, ...parts }).done();
    });
  }

  /** Removes an object; with a tag only that one. False where it is another; true also where there was none. */
  remove(name: string, tag?: string): Promise<boolean> {
    return this.#ask('An object could not be removed', async () => {
      const only = tag === undefined ? {} : { IfMatch: tag };
      try {
        await this.#client.send(new DeleteObjectCommand({ ...this.#at(name), ...only }));
        return true;
      } catch (thrown) {
        if (isMissing(thrown)) return true;
        if (tag !== undefined && isConflict(thrown)) return false;
        throw thrown;
      }
    });
  }

  /** The objects whose names begin so. */
  async *list(prefix: string): AsyncGenerator<ListedObject> {
    try {
      const input = { Bucket: this.bucket, Prefix: this.#prefix + prefix };
      for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#client }, input))
        for (const { Key = '', LastModified } of Contents)
          yield { name: Key.slice(this.#prefix.length), changedMs: LastModified?.getTime() ?? Infinity };
    } catch (thrown) {
      throw s3Error(thrown, 'The objects could not be listed', this.bucket);
    }
  }

  /** Ends the uploads in parts that were begun before then, and were not finished. */
  async endUploads(prefix: string, beforeMs: number): Promise<void> {
    await this.#ask('Uploads that were broken off could not be ended', async () => {
      for (let markers: UploadMarkers = {}; ; ) {
        const input = { Bucket: this.bucket, Prefix: this.#prefix + prefix, ...markers };
        const page = await this.#client.send(new ListMultipartUploadsCommand(input));
        for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
          if (Initiated === undefined || Initiated.getTime() >= beforeMs) continue;
          const command = new AbortMultipartUploadCommand({ Bucket: this.bucket, Key, UploadId });
          await this.#client.send(command).catch((thrown: unknown) => {
            // it was finished or ended meanwhile
            if (!isMissing(thrown)) throw thrown;
          });
        }
        if (page.IsTruncated !== true) return;
        markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
      }
    });
  }

  close(): void {
    this.#client.destroy();
  }

  #at(name: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.bucket, Key: this.#prefix + name };
  }

  #get(name: string, range?: ByteRange, tag?: string): Promise<GetObjectCommandOutput> {
    const part = range === undefined ? {} : { Range: `bytes=${range.start}-${range.end - 1}` };
    const only = tag === undefined ? {} : { IfMatch: tag };
    return this.#client.send(new GetObjectCommand({ ...this.#at(name), ...part, ...only }));
  }

  /** Asks again where an answer breaks off after its head: that the client of S3 does not do by itself. */
  async #readWhole(name: string): Promise<SmallObject> {
    for (let tries = 1; ; tries += 1) {
      const { Body, ETag = '' } = await this.#get(name);
      try {
        return { text: (await Body?.transformToString()) ?? '', tag: ETag };
      } catch (thrown) {
        if (tries === mostTries) throw thrown;
      }
    }
  }

  async *#pieces(what: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    try {
      yield* bytes;
    } catch (thrown) {
      throw s3Error(thrown, what, this.bucket);
    }
  }

  async #ask<T>(what: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (thrown) {
      throw s3Error(thrown, what, this.bucket);
    }
  }
}
