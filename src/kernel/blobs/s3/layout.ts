/** Bytes that have a digest of their own, so that a range is verified without the rest. */
export const chunkBytes = 1_048_576;

/** The names of the objects of a store, below its prefix. */
export const storeRecordName = 'starling.json';
export const recordsPrefix = 'records/';
export const bytesPrefix = 'bytes/';
export const digestsPrefix = 'digests/';

/** Of a blob by its hash: where its bytes are, and who holds them. */
export const recordName = (hash: string): string => recordsPrefix + hash;
/** Of the bytes that an upload brought. */
export const bytesName = (upload: string): string => bytesPrefix + upload;
/** Of the SHA-256 of each chunk, 32 bytes after 32 bytes; there is none where all is one chunk. */
export const digestsName = (upload: string): string => digestsPrefix + upload;
/** Of an object that is put and removed again, to learn what the store does. */
export const trialName = (id: string): string => `trials/${id}`;
