import type { DataSetOffer } from '../../systems/exchange/exchange-api.js';
import { apiPath } from '../client/api-client.js';
import type { PageView } from '../client/views.js';
import { dataSetPage, dataSetsPage } from '../output/data-page.js';
import type { Session } from '../session.js';

/** `starling data list`. */
export async function listDataSets(session: Session): Promise<void> {
  const page = await session.client().json<PageView<DataSetOffer>>('/data-sets');
  session.show(page, ({ items }) => dataSetsPage(items, session.terminal));
}

/** `starling data show`. */
export async function showDataSet(session: Session, name: string): Promise<void> {
  const dataSet = await session.client().json<DataSetOffer>(apiPath('data-sets', name));
  session.show(dataSet, (shown) => dataSetPage(shown, session.terminal));
}
