import type { DataSetOffer } from '../../systems/exchange/index.js';
import type { AgentView, PartyView } from '../routes/parties.js';
import { type Html, html, page } from './page.js';

/** A party, and whether its agent is there. */
type ShownParty = Omit<PartyView, 'agent'> & { readonly agent?: Pick<AgentView, 'online'> };

export interface LandingPageInput {
  /** Absent where people sign in: who is not cannot be told of it. */
  readonly consortium?: {
    readonly parties: readonly ShownParty[];
    readonly dataSets: readonly Pick<DataSetOffer, 'name' | 'title' | 'providers'>[];
  };
  readonly version: string;
  /** The address that the page was asked under, as in `http://127.0.0.1:8080`. */
  readonly url: string;
}

const roles = {
  dataProvider: 'provides data',
  computeProvider: 'computes for others',
  requester: 'asks',
} as const;

/** The page at `/`: who takes part, what data there is, and where to go on. */
export function landingPage({ consortium, version, url }: LandingPageInput): string {
  return page(
    'Starling',
    consortium === undefined ? signInPart(version, url) : openPart(consortium, version, url),
  );
}

function signInPart(version: string, url: string): Html {
  return html`<h1>Starling</h1>
<p class="lead">A consortium of organisations. Each answers questions over the data that it keeps for itself; its agreements decide what may be computed, and where.</p>
<nav><a href="/docs">API documentation</a><a href="/openapi.json">OpenAPI</a><a href="/docs/errors">Error codes</a></nav>
<h2>Ask</h2>
<pre>${`curl ${url}/api/v1/requests \\\n  --header "Authorization: Bearer $TOKEN" \\\n  --header 'Content-Type: application/json' \\\n  --data '{}'`}</pre>
<p class="soft"><br>Starling ${version}. Sign in with a token of an issuer that the consortium trusts.</p>`;
}

function openPart(
  { parties, dataSets }: NonNullable<LandingPageInput['consortium']>,
  version: string,
  url: string,
): Html {
  return html`<h1>Starling</h1>
<p class="lead">A consortium of ${countText(parties.length, 'party', 'parties')}. Each answers questions over the data that it keeps for itself; its agreements decide what may be computed, and where.</p>
<nav><a href="/docs">API documentation</a><a href="/openapi.json">OpenAPI</a><a href="/api/v1/status">Status</a><a href="/docs/errors">Error codes</a></nav>
<h2>Parties</h2>
${partyTable(parties)}
<h2>Data</h2>
${dataTable(dataSets)}
<h2>Ask</h2>
<pre>${`curl ${url}/api/v1/requests \\\n  --header 'Content-Type: application/json' \\\n  --data '{ "user": { "id": "ada@university.example" } }'`}</pre>
<p class="soft"><br>Starling ${version}. Access is open: whoever reaches this address is believed to be who they say. Only this machine can.</p>`;
}

function partyTable(parties: readonly ShownParty[]): Html {
  if (parties.length === 0)
    return html`<p class="soft">There are none yet. They are declared in the configuration.</p>`;
  const rows = parties.map(({ id, name, roles: all, agent }) => {
    const state = agent === undefined ? html`<span class="soft">no agent</span>` : onlineMark(agent.online);
    return html`<tr><td><code>${id}</code></td><td>${name}</td><td>${all.map((role) => roles[role]).join(', ')}</td><td>${state}</td></tr>`;
  });
  return html`<table><thead><tr><th>Id</th><th>Name</th><th>Role</th><th>Agent</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function onlineMark(online: boolean): Html {
  return online ? html`<span class="on">online</span>` : html`<span class="off">offline</span>`;
}

function dataTable(dataSets: NonNullable<LandingPageInput['consortium']>['dataSets']): Html {
  if (dataSets.length === 0) return html`<p class="soft">No data set is declared.</p>`;
  const rows = dataSets.map(({ name, title, providers }) => {
    const offered = providers.map(({ party, state }) => `${party} (${state})`).join(', ');
    return html`<tr><td><code>${name}</code></td><td>${title}</td><td>${offered}</td></tr>`;
  });
  return html`<table><thead><tr><th>Name</th><th>Title</th><th>Providers</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function countText(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`;
}
