/** What files are sent as: images that a browser may show, and nothing but bytes. */
export const fileMediaTypes = [
  'application/octet-stream',
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/tiff',
  'image/gif',
  'image/avif',
  'image/heif',
  'image/heic',
];

/** The media type that a stored file is sent with, whatever its sender said that it is. */
export function safeMediaType(told: string): string {
  const type = told.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return fileMediaTypes.includes(type) ? type : 'application/octet-stream';
}

/** A Content-Disposition header for a file of any name (RFC 6266): to be saved, and not to be opened. */
export function contentDisposition(name: string): string {
  const file = name.split(/[\\/]/).at(-1) ?? '';
  const plain = file.replace(/[^\w.\- ]/g, '_');
  const encoded = encodeURIComponent(file.replace(/\p{Cs}/gu, '_')).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
