import { StarlingError } from '../../kernel/errors/index.js';
import type { ListenForRows } from '../../systems/exchange/index.js';

/** What `starling serve agent` was told of rows. */
export interface ListenRowsOptions {
  readonly listenRows?: string;
  readonly rowsAddress?: string;
  readonly rowsQuota?: number;
}

/** Where an agent listens for rows; nothing where it was not told to. Throws `input-invalid`. */
export function listenForRows({
  listenRows,
  rowsAddress,
  rowsQuota,
}: ListenRowsOptions): ListenForRows | undefined {
  if (listenRows === undefined) {
    if (rowsAddress === undefined && rowsQuota === undefined) return undefined;
    throw invalid('--rows-address and --rows-quota go with --listen-rows. Give that as well.');
  }
  const [, host, port] = /^(?:\[([^\]]+)\]|[^:[\]]+):(\d{1,5})$/.exec(listenRows) ?? [];
  const name = host ?? listenRows.slice(0, listenRows.lastIndexOf(':'));
  if (port === undefined || Number(port) > 65_535) {
    throw invalid(`"${listenRows}" is no address to listen on. Give one as 0.0.0.0:8444 or [::]:8444.`);
  }
  if (rowsAddress === undefined && (name === '0.0.0.0' || name === '::')) {
    throw invalid(
      `Others cannot reach ${listenRows} under that name. Say where with --rows-address https://….`,
    );
  }
  if (rowsAddress !== undefined && !isHttps(rowsAddress)) {
    throw invalid(`"${rowsAddress}" is no https address. Give one as https://rows.example.org:8444.`);
  }
  return {
    host: name,
    port: Number(port),
    ...(rowsAddress === undefined ? {} : { address: rowsAddress }),
    ...(rowsQuota === undefined ? {} : { quotaBytes: rowsQuota * 1_000_000 }),
  };
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}

function invalid(message: string): StarlingError {
  return new StarlingError('input-invalid', message);
}
