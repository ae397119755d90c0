import { join } from 'node:path';
import type { FolderRecord } from '../../kernel/data-folder/index.js';
import { gatewayOwner } from '../../systems/exchange/order/index.js';

/** The file of the key that a gateway or an agent signs with, in its folder. */
export const keyFileIn = (folder: string, { kind }: Pick<FolderRecord, 'kind'>): string =>
  join(folder, 'keys', kind === 'gateway' ? 'gateway.key' : 'party.key');

/** The name that a gateway or an agent signs by. */
export const ownerOf = ({ party }: Pick<FolderRecord, 'party'>): string => party ?? gatewayOwner;
