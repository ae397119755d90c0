import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../kernel/errors/expect-error.js';
import { applyFilter, checkFilter } from './index.js';

const limits = { pixels: 1_000_000 };

/** 4 × 2 pixels: a red half and a blue half. */
const halves = Buffer.from([...Array(2)].flatMap(() => [255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255]));
const picture = () => sharp(halves, { raw: { width: 4, height: 2, channels: 3 } });

async function filtered(bytes: Uint8Array, name: string, parameters: object = {}) {
  return applyFilter({ bytes, mediaType: 'image/png' }, checkFilter(name, parameters), limits);
}

async function pixelsOf(bytes: Uint8Array): Promise<number[][]> {
  const { data, info } = await sharp(bytes)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Array.from({ length: info.width * info.height }, (_, at) => [
    ...data.subarray(at * info.channels, at * info.channels + 3),
  ]);
}

describe('a filter', () => {
  it('inverts every colour, and inverted twice the picture is as it was', async () => {
    const png = await picture().png().toBuffer();
    const once = await filtered(png, 'invert');
    expect(once.mediaType).toBe('image/png');
    expect((await pixelsOf(once.bytes))[0]).toEqual([0, 255, 255]);
    expect(await pixelsOf((await filtered(once.bytes, 'invert')).bytes)).toEqual(await pixelsOf(png));
  });

  it('leaves what is transparent transparent', async () => {
    const png = await sharp({
      create: { width: 1, height: 1, channels: 4, background: { r: 1, g: 2, b: 3, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    const raw = await sharp((await filtered(png, 'invert')).bytes)
      .raw()
      .toBuffer();
    expect([...raw]).toEqual([254, 253, 252, 128]);
  });

  it('makes grey of colours', async () => {
    const pixels = await pixelsOf((await filtered(await picture().png().toBuffer(), 'grayscale')).bytes);
    for (const [red, green, blue] of pixels) expect([green, blue]).toEqual([red, red]);
  });

  it('makes squares of details, as large as asked', async () => {
    const pixels = await pixelsOf(
      (
        await filtered(await picture().resize(40, 20, { kernel: 'nearest' }).png().toBuffer(), 'pixelate', {
          size: 20,
        })
      ).bytes,
    );
    expect(pixels).toHaveLength(800);
    expect(new Set(pixels.map(String)).size).toBe(2);
  });

  it('finds edges, and nothing where there are none', async () => {
    const plain = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#80a0c0' } })
      .png()
      .toBuffer();
    expect(new Set((await pixelsOf((await filtered(plain, 'edges')).bytes)).map(String))).toEqual(
      new Set(['0,0,0']),
    );
    const wide = await picture().resize(40, 20, { kernel: 'nearest' }).png().toBuffer();
    expect(new Set((await pixelsOf((await filtered(wide, 'edges')).bytes)).map(String)).size).toBeGreaterThan(
      1,
    );
  });

  it('fits a thumbnail into its frame, and enlarges nothing', async () => {
    const large = await picture().resize(400, 200).jpeg().toBuffer();
    const { bytes, mediaType } = await filtered(large, 'thumbnail', { width: 100, height: 100 });
    expect(mediaType).toBe('image/jpeg');
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 100, height: 50 });
    const small = (await filtered(await picture().png().toBuffer(), 'thumbnail')).bytes;
    expect(await sharp(small).metadata()).toMatchObject({ width: 4, height: 2 });
  });

  it('takes away where a photo was taken, and keeps it upright', async () => {
    const exif = { IFD0: { Copyright: 'Ada' }, IFD3: { GPSLatitude: '52/1 5/1 0/1', GPSLatitudeRef: 'N' } };
    const photo = await picture()
      .jpeg({ quality: 100 })
      .withExif(exif)
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect((await sharp(photo).metadata()).exif).toBeDefined();
    const metadata = await sharp((await filtered(photo, 'strip-metadata')).bytes).metadata();
    expect(metadata.exif).toBeUndefined();
    expect(metadata).toMatchObject({ width: 2, height: 4 });
  });

  it('gives the same bytes for the same picture', async () => {
    const photo = await picture().resize(300, 200).jpeg().toBuffer();
    for (const name of ['invert', 'blur', 'pixelate', 'edges', 'thumbnail', 'strip-metadata', 'grayscale']) {
      const [one, two] = [await filtered(photo, name), await filtered(photo, name)];
      expect(Buffer.compare(one.bytes, two.bytes), name).toBe(0);
    }
  });

  it('keeps a file as it is where that is asked', async () => {
    const text = Buffer.from('no image at all');
    expect(Buffer.from((await filtered(text, 'keep')).bytes).toString()).toBe('no image at all');
  });
});

describe('what is not taken', () => {
  it('is a file that is no image, an empty one, or one that is cut', async () => {
    for (const bytes of [Buffer.from('no image'), Buffer.alloc(0)])
      await expectError(filtered(bytes, 'invert'), 'input-invalid');
    const whole = await picture().resize(300, 200).png().toBuffer();
    const error = await expectError(filtered(whole.subarray(0, 300), 'invert'), 'input-invalid');
    expect(error.message).toContain('damaged');
  });

  it('is a program that draws, whatever it would read', async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"><image xlink:href="file:///etc/hostname" width="9" height="9"/></svg>`;
    const error = await expectError(filtered(Buffer.from(svg), 'invert'), 'input-invalid');
    expect(error.message).toBe(
      'The file is no image of a form that is taken. Upload JPEG, PNG, WebP, TIFF, GIF or AVIF.',
    );
  });

  it('is a small file that unpacks to very many pixels', async () => {
    const bomb = await sharp({ create: { width: 5_000, height: 5_000, channels: 3, background: 'white' } })
      .png()
      .toBuffer();
    expect(bomb.length).toBeLessThan(200_000);
    expect(await expectError(filtered(bomb, 'invert'), 'input-too-large')).toMatchObject({ details: limits });
  });

  it('is a filter that is not known, or a parameter outside its bounds', () => {
    expect(() => checkFilter('Invert')).toThrow('Use one of: invert, grayscale, blur');
    expect(() => checkFilter('blur', { sigma: 1000 })).toThrow(/sigma: .*It takes: sigma\./);
    expect(() => checkFilter('blur', { radius: 2 })).toThrow('It takes: sigma.');
    expect(() => checkFilter('constructor')).toThrow('There is no filter');
    expect(checkFilter('blur')).toEqual({ name: 'blur', parameters: { sigma: 2 } });
  });
});
