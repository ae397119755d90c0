import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Puts 120 photos into a new folder, each of another colour. */
export async function photosFor(folder: string): Promise<void> {
  await mkdir(folder);
  for (let number = 1; number <= 120; number += 1) {
    const background = { r: number * 2, g: 80, b: 255 - number * 2 };
    const photo = sharp({ create: { width: 400, height: 300, channels: 3, background } });
    await writeFile(
      join(folder, `photo-${String(number).padStart(3, '0')}.jpg`),
      await photo.jpeg().toBuffer(),
    );
  }
}
