import type { Metadata, Sharp } from 'sharp';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { TaskFilter } from '../task/index.js';
import { type FilterName, isFilterName } from './filter-catalogue.js';
import { loadSharp } from './load-sharp.js';

/** What a filter made. */
export interface FilteredImage {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** What an image may be at most. */
export interface ImageLimits {
  /** Width × height × frames. */
  readonly pixels: number;
}

/** The forms that are taken, and given back: what comes in one leaves in it. */
const forms: Readonly<
  Record<
    string,
    { readonly mediaType: string; readonly format: 'jpeg' | 'png' | 'webp' | 'tiff' | 'gif' | 'avif' }
  >
> = {
  jpeg: { mediaType: 'image/jpeg', format: 'jpeg' },
  png: { mediaType: 'image/png', format: 'png' },
  webp: { mediaType: 'image/webp', format: 'webp' },
  tiff: { mediaType: 'image/tiff', format: 'tiff' },
  gif: { mediaType: 'image/gif', format: 'gif' },
  heif: { mediaType: 'image/avif', format: 'avif' },
};

/** Light where neighbours differ: the discrete Laplace operator with diagonals. */
const laplace = { width: 3, height: 3, kernel: [-1, -1, -1, -1, 8, -1, -1, -1, -1] };

/**
 * Applies a filter to the bytes of an image; the same bytes give the same result. What the bytes are is found out from
 * them, whatever name they came with. Pictures are turned as their metadata says, and lose the metadata.
 *
 * Throws `input-invalid` for what is no image of a form that is taken, or a damaged one, and `input-too-large` where it
 * has more pixels than `limits`.
 */
export async function applyFilter(
  original: { readonly bytes: Uint8Array; readonly mediaType: string },
  { name, parameters }: TaskFilter,
  limits: ImageLimits,
): Promise<FilteredImage> {
  if (!isFilterName(name)) {
    throw new StarlingError(
      'input-invalid',
      `This worker does not know filter ${name}. Update it, or use another filter.`,
    );
  }
  if (name === 'keep') return original;
  const sharp = await loadSharp();
  try {
    const options = { failOn: 'warning', limitInputPixels: limits.pixels, sequentialRead: true } as const;
    const metadata = await sharp(original.bytes, options).metadata();
    const form = forms[metadata.format];
    if (form === undefined) throw notTaken(metadata.format);
    const frames = metadata.pages ?? 1;
    assertPixels(metadata, frames, limits);
    const image = sharp(original.bytes, { ...options, animated: frames > 1 }).autoOrient();
    const filtered = await filtering[name](image, parameters, metadata);
    return { bytes: await filtered.toFormat(form.format).toBuffer(), mediaType: form.mediaType };
  } catch (thrown) {
    throw imageError(thrown, limits);
  }
}

type Filtering = (
  image: Sharp,
  parameters: TaskFilter['parameters'],
  metadata: Metadata,
) => Sharp | Promise<Sharp>;

const filtering: Readonly<Record<Exclude<FilterName, 'keep'>, Filtering>> = {
  invert: (image) => image.negate({ alpha: false }),
  grayscale: (image) => image.grayscale(),
  blur: (image, { sigma }) => image.blur(Number(sigma)),
  edges: (image) => image.grayscale().convolve(laplace),
  thumbnail: (image, { width, height }) =>
    image.resize({ width: Number(width), height: Number(height), fit: 'inside', withoutEnlargement: true }),
  'strip-metadata': (image) => image,
  pixelate: async (image, { size }, metadata) => {
    const { width, height } = metadata.autoOrient;
    const small = (length: number) => Math.max(1, Math.round(length / Number(size)));
    const squares = image.resize({ width: small(width), height: small(height), fit: 'fill' });
    // the squares have to be there before they are drawn large: sharp makes one size of the two
    const drawn = await loadSharp();
    const { data, info } = await squares.png().toBuffer({ resolveWithObject: true });
    const frames = metadata.pages ?? 1;
    return drawn(data, frames > 1 ? { pages: -1 } : {}).resize({
      width,
      height: Math.round((height * info.height) / small(height)),
      kernel: 'nearest',
      fit: 'fill',
    });
  },
};

function assertPixels(
  { width, height, pageHeight }: Metadata,
  frames: number,
  { pixels }: ImageLimits,
): void {
  const all = width * (pageHeight ?? height) * frames;
  if (all > pixels) throw tooManyPixels(pixels);
}

function imageError(thrown: unknown, { pixels }: ImageLimits): StarlingError {
  if (thrown instanceof StarlingError) return thrown;
  const message = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown);
  if (/exceeds pixel limit/i.test(message)) return tooManyPixels(pixels);
  if (/unsupported image format|operation is blocked/i.test(message)) return notTaken(undefined);
  return new StarlingError(
    'input-invalid',
    `The image is damaged: ${message.trim()}. Upload it again, or mend it.`,
    {
      cause: thrown,
    },
  );
}

function notTaken(format: string | undefined): StarlingError {
  const what =
    format === undefined
      ? 'The file is no image of a form that is taken'
      : `Images of the form ${format} are not taken`;
  return new StarlingError('input-invalid', `${what}. Upload JPEG, PNG, WebP, TIFF, GIF or AVIF.`);
}

function tooManyPixels(pixels: number): StarlingError {
  return new StarlingError(
    'input-too-large',
    `The image has more than ${pixels} pixels once it is unpacked, which is all that is taken. Make it smaller first.`,
    { details: { pixels } },
  );
}
