import type Sharp from 'sharp';

/** What may be read: raster images. SVG, PDF and the like are programs, and may name files and addresses. */
const loaders = ['Jpeg', 'Png', 'Webp', 'Tiff', 'Nsgif', 'Heif'].map((name) => `VipsForeignLoad${name}`);

let loading: Promise<typeof Sharp> | undefined;

/** The image library with everything off that is not needed; loaded when it is first used, which takes a while. */
export function loadSharp(): Promise<typeof Sharp> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: loaders });
    // nothing is read twice, and a worker has its own share of the processors
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  });
  return loading;
}
