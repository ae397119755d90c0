import { z } from 'zod';
import { StarlingError } from '../../kernel/errors/index.js';
import { contentHash } from '../../kernel/identity/index.js';
import type { State } from '../../kernel/state/index.js';
import type { Configuration } from '../../systems/exchange/index.js';

const settingsSchema = z.record(z.string(), z.string());

/** What a configuration has besides the objects of the catalogue: for each part, as people call it, a hash of it. */
export type Settings = z.infer<typeof settingsSchema>;

/** One part that is there, gone or another. */
export interface SettingChange {
  readonly what: string;
  readonly change: 'added' | 'changed' | 'removed';
}

/** Where the settings in force are kept, for every gateway to hold its own to. */
const settingsKey = 'consortium/settings';

/** Equal for files that say the same. Agreements do not count: they come from agents. */
export function configurationFingerprint(configuration: Configuration): string {
  return contentHash({ ...configuration, agreements: {} });
}

/** The settings of a configuration. */
export function settingsOf({ access, compatibility, services = [] }: Configuration): Settings {
  return {
    ...(access === undefined ? {} : { 'section access': contentHash(access) }),
    ...(compatibility === undefined ? {} : { 'section compatibility': contentHash(compatibility) }),
    ...Object.fromEntries(services.map((service) => [`service ${service.name}`, contentHash(service)])),
  };
}

/** What `next` changes of `before`, by name. */
export function settingChanges(before: Settings, next: Settings): readonly SettingChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(next)])].sort();
  return names.flatMap((what): SettingChange[] => {
    if (before[what] === next[what]) return [];
    if (before[what] === undefined) return [{ what, change: 'added' }];
    return [{ what, change: next[what] === undefined ? 'removed' : 'changed' }];
  });
}

/** The settings in force; absent where no gateway has written any. Throws `storage-version`. */
export async function readSettings(state: State): Promise<Settings | undefined> {
  const entry = await state.get(settingsKey);
  if (entry === undefined) return undefined;
  const settings = settingsSchema.safeParse(entry.value);
  if (settings.success) return settings.data;
  const message = `What the state has under ${settingsKey} is not of a form that this version knows. Run the same version at every gateway.`;
  throw new StarlingError('storage-version', message, { cause: settings.error });
}

/** Puts settings into force. */
export async function writeSettings(state: State, settings: Settings): Promise<void> {
  await state.put(settingsKey, settings);
}
