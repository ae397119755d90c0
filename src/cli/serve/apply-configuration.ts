import { isDeepStrictEqual } from 'node:util';
import { StarlingError } from '../../kernel/errors/index.js';
import type { GatewayRecord } from '../../kernel/gateways/index.js';
import type { ApplyReport, CatalogueStore, Configuration } from '../../systems/exchange/index.js';
import { catalogueKindTitles } from '../../systems/exchange/model/index.js';
import type { GatewayGround } from '../consortium/gateway-ground.js';
import {
  configurationFingerprint,
  readSettings,
  type SettingChange,
  settingChanges,
  settingsOf,
  writeSettings,
} from './configuration-settings.js';

export interface ApplyConfigurationOptions {
  readonly ground: Pick<GatewayGround, 'engines' | 'gateways'>;
  readonly catalogue: Pick<CatalogueStore, 'applyConfiguration'>;
  readonly configuration: Configuration;
  /** The file that the configuration came from. */
  readonly file: string;
  /** Whether it is to be in force at the gateways that run already, too. */
  readonly forAll: boolean;
}

/**
 * Brings in the configuration of a gateway. Where others run, what is in force is theirs: a file that would change it is
 * refused with `configuration-differs`, unless it is to be in force for all. Throws as the catalogue does besides.
 */
export async function applyConfiguration(options: ApplyConfigurationOptions): Promise<ApplyReport> {
  const { ground, catalogue, configuration, file, forAll } = options;
  const { gateways, engines } = ground;
  const fingerprint = configurationFingerprint(configuration);
  const settings = settingsOf(configuration);
  const before = await readSettings(engines.state);
  const changed = settingChanges(before ?? settings, settings);
  // agreements come from their agents
  const report = await catalogue.applyConfiguration({ ...configuration, agreements: {} }, file, (applied) => {
    const [other] = othersThan(fingerprint, gateways.self, gateways.all());
    if (forAll || other === undefined) return;
    const objects = applied.map(({ kind, name, change }) => ({
      what: `${catalogueKindTitles[kind]} ${name}`,
      change,
    }));
    const changes = [...objects, ...changed];
    if (changes.length > 0) throw differs(file, other, changes);
  });
  if (!isDeepStrictEqual(before, settings)) await writeSettings(engines.state, settings);
  gateways.tell({ configuration: { fingerprint, isApplied: true } });
  return report;
}

/** The others whose configuration is in force, or is to be and is another; those that start with the same one are no hindrance. */
export function othersThan(
  fingerprint: string,
  self: GatewayRecord,
  all: readonly GatewayRecord[],
): readonly GatewayRecord[] {
  return all.filter(
    ({ id, configuration }) =>
      id !== self.id && !(configuration?.isApplied === false && configuration.fingerprint === fingerprint),
  );
}

/** Changes that a message names. */
const mostNamed = 20;

function differs(file: string, { url }: GatewayRecord, changes: readonly SettingChange[]): StarlingError {
  const named = changes.slice(0, mostNamed).map(({ what, change }) => `\n  ${what}: ${change}`);
  const more = changes.length - named.length;
  const rest = more === 0 ? '' : `\n  and ${more} more`;
  const message = `The gateway at ${url} runs, and ${file} differs from the configuration in force, which all gateways share:${named.join('')}${rest}\nNothing was changed. Start this gateway with the file that is in force, or with --apply-configuration to put ${file} into force at all of them.`;
  return new StarlingError('configuration-differs', message, { details: { file, gateway: url, changes } });
}
