import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { applyFilter } from '../../../src/systems/tasks/filters/index.js';
import { type Random, whole } from '../../lab/seeded.js';

/** A file to be uploaded, with what has to become of it. */
export interface MadeFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly filter: { readonly name: string; readonly parameters: Readonly<Record<string, never>> };
  /** SHA-256 of its result, or the code that it fails with. */
  readonly expected: { readonly hash: string } | { readonly code: string };
}

/** Files of which three in five are kept as they are, three in ten are inverted, and one in ten is no image. */
export async function madeFiles(random: Random, count: number): Promise<MadeFile[]> {
  const files: MadeFile[] = [];
  for (let index = 0; index < count; index += 1) files.push(await madeFile(random, index));
  return files;
}

async function madeFile(random: Random, index: number): Promise<MadeFile> {
  const kind = random();
  const name = `file-${String(index).padStart(5, '0')}`;
  if (kind < 0.6) {
    const bytes = Buffer.from(Array.from({ length: whole(random, 1, 4_000) }, () => whole(random, 0, 256)));
    return { name: `${name}.bin`, bytes, filter: named('keep'), expected: { hash: sha256(bytes) } };
  }
  if (kind < 0.9) {
    const bytes = Buffer.from(await picture(random));
    const { bytes: inverted } = await applyFilter({ bytes, mediaType: 'image/png' }, named('invert'), {
      pixels: 1e6,
    });
    return { name: `${name}.png`, bytes, filter: named('invert'), expected: { hash: sha256(inverted) } };
  }
  const bytes = Buffer.from(`no picture, ${random()}`);
  return { name: `${name}.txt`, bytes, filter: named('invert'), expected: { code: 'input-invalid' } };
}

function picture(random: Random): Promise<Buffer> {
  const [width, height, channels] = [whole(random, 16, 96), whole(random, 16, 96), 3 as const];
  const raw = Buffer.from(Array.from({ length: width * height * channels }, () => whole(random, 0, 256)));
  return sharp(raw, { raw: { width, height, channels } }).png().toBuffer();
}

function named(name: string): MadeFile['filter'] {
  return { name, parameters: {} };
}

/** SHA-256 in hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
