// Generated from the OpenAPI document of the gateway by `npm run generate:client`. Change the gateway, not this file.

interface ApiAnswer<Content> {
  headers: { [name: string]: unknown };
  content: Content;
}

/** Every operation, by path and method. */
export interface paths {
  "/api/v1/requests": {
    /**
     * Ask a question.
     *
     * Asks data providers, each of which answers only what its agreement with the person allows.
     *
     * Waits for the end of the request, unless `Prefer: respond-async` is sent. A client that goes away while it waits cancels the request. With `dryRun=true` nothing is run: the answer says who would allow what, and why not.
     *
     * A request that was refused or failed is answered with a problem; its member `request` is the id, with which it can be explained.
     */
    post: {
      parameters: {
        query?: {
          /** Only say what would come of it, and run nothing. */
          dryRun?: "true" | "false";
        };
        header?: {
          /** With `respond-async` the answer comes at once, with the request as far as it is (RFC 7240). */
          prefer?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": components['schemas']["RequestBody"] } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Request"] | components['schemas']["DryRun"] }>;
        202: ApiAnswer<{ "application/json": components['schemas']["Request"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        502: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        504: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * List requests, newest first.
     *
     * A requester sees what is their own; a steward what concerns the party, so that a page may hold fewer than there are; an operator all. Answers are shown to the person who asked alone.
     */
    get: {
      parameters: {
        query?: {
          /** How many at most. */
          limit?: number;
          /** Go on after this one: `next` of the page before. */
          after?: string;
          /** Only those of this person. */
          user?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["RequestPage"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/requests/{id}": {
    /**
     * Read a request.
     *
     * How far it is, what it was answered, and who did not take part and why.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Request"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Cancel a request.
     *
     * Stops what it runs. Without effect on a request that has ended.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Request"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/requests/{id}/answer": {
    /**
     * Erase the answer of a request.
     *
     * Erases what was answered at once, before its time is over; the record stays and says so. Without effect where there is no answer, or none any more.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Request"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/requests/{id}/result": {
    /**
     * Read the answer of the request.
     *
     * As JSON, CSV or an Arrow IPC stream, by `format` or else by the Accept header. An Arrow stream holds the rows of one provider, so `result` is needed where several released rows.
     *
     * Where there is no answer, the problem is what the request ended with.
     */
    get: {
      parameters: {
        query?: {
          /** The form of the answer. Default: by the Accept header, else json. */
          format?: "json" | "csv" | "arrow";
          /** Of several results only this one, counted from 0. */
          result?: number;
        };
        header?: {
          accept?: string;
        };
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Answer"]; "text/csv": string; "application/vnd.apache.arrow.stream": string }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        406: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        410: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        502: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/requests/{id}/explanation": {
    /**
     * Explain the request.
     *
     * Who decided what and on what ground, which archetypes were considered, what ran where, and what crossed a border.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Explanation"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/requests/{id}/events": {
    /**
     * Follow the events of the request.
     *
     * Server-sent events, from the first on: `id` is the sequence, `event` the type, `data` the event as JSON. The stream ends when the request has ended. A client that lost its connection goes on with `Last-Event-ID`; 204 says that nothing will follow any more. A comment every 15 seconds keeps the connection alive.
     */
    get: {
      parameters: {
        query?: never;
        header?: {
          /** The id of the last event that came. */
          "last-event-id"?: string;
        };
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "text/event-stream": components['schemas']["RequestEvent"] }>;
        204: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/jobs": {
    /**
     * List jobs, by their ids.
     *
     * A requester sees what is their own; a steward what concerns the party, so that a page may hold fewer than there are; an operator all. Answers are shown to the person who asked alone.
     */
    get: {
      parameters: {
        query?: {
          /** How many at most. */
          limit?: number;
          /** Go on after this one: `next` of the page before. */
          after?: string;
          /** Only those of this person. */
          user?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["JobPage"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/jobs/{id}": {
    /** Read a job and the ids of its requests */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["JobWithRequests"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Revoke a job.
     *
     * Ends the job and stops what it runs; a steward may do that where it uses the party. The cause is in the body or in the query.
     */
    delete: {
      parameters: {
        query?: {
          /** Why, for those whose job it is. */
          cause?: string;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: { content: { "application/json": {
          cause: string;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Job"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        410: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/jobs/{id}/requests": {
    /**
     * Ask a job again.
     *
     * Data set, providers, archetype and compute provider are those of the job. The agreements of now are checked; the steps are not composed anew. Waits as `POST /requests` does.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** With `respond-async` the answer comes at once, with the request as far as it is (RFC 7240). */
          prefer?: string;
        };
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": components['schemas']["FollowUpBody"] } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Request"] }>;
        202: ApiAnswer<{ "application/json": components['schemas']["Request"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        410: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        502: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        504: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/jobs/{id}/result": {
    /**
     * Read the answer of the newest request of the job.
     *
     * As JSON, CSV or an Arrow IPC stream, by `format` or else by the Accept header. An Arrow stream holds the rows of one provider, so `result` is needed where several released rows.
     *
     * Where there is no answer, the problem is what the newest request of the job ended with.
     */
    get: {
      parameters: {
        query?: {
          /** The form of the answer. Default: by the Accept header, else json. */
          format?: "json" | "csv" | "arrow";
          /** Of several results only this one, counted from 0. */
          result?: number;
        };
        header?: {
          accept?: string;
        };
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Answer"]; "text/csv": string; "application/vnd.apache.arrow.stream": string }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        406: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        410: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        502: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/jobs/{id}/explanation": {
    /**
     * Explain the newest request of the job.
     *
     * Who decided what and on what ground, which archetypes were considered, what ran where, and what crossed a border.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Explanation"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/jobs/{id}/events": {
    /**
     * Follow the events of the newest request of the job.
     *
     * Server-sent events, from the first on: `id` is the sequence, `event` the type, `data` the event as JSON. The stream ends when the request has ended. A client that lost its connection goes on with `Last-Event-ID`; 204 says that nothing will follow any more. A comment every 15 seconds keeps the connection alive.
     */
    get: {
      parameters: {
        query?: never;
        header?: {
          /** The id of the last event that came. */
          "last-event-id"?: string;
        };
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "text/event-stream": components['schemas']["RequestEvent"] }>;
        204: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/agreements": {
    /** List all agreements */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["AgreementList"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/agreements/{party}": {
    /**
     * Read one agreement.
     *
     * The ETag is its revision: send it as `If-Match` to change just what was read.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          party: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["StoredAgreement"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Write one agreement.
     *
     * Replaces the whole agreement of a data provider. Jobs that rest on it are checked again at once, and revoked where it no longer allows them. The configuration file does not overwrite it any more.
     */
    put: {
      parameters: {
        query?: never;
        header?: {
          /** Only where the object has this ETag; `*`: only where there is one. */
          "if-match"?: string;
          /** `*`: only where there is none yet. */
          "if-none-match"?: string;
        };
        path: {
          party: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": components['schemas']["Agreement"] } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["StoredAgreement"] }>;
        201: ApiAnswer<{ "application/json": components['schemas']["StoredAgreement"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Remove one agreement.
     *
     * Jobs that rest on it are checked again at once.
     */
    delete: {
      parameters: {
        query?: never;
        header?: {
          /** Only where the object has this ETag; `*`: only where there is one. */
          "if-match"?: string;
          /** `*`: only where there is none yet. */
          "if-none-match"?: string;
        };
        path: {
          party: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/agreements/{party}/dry-run": {
    /**
     * See what a change of an agreement would touch.
     *
     * Which requesters, live jobs and data sets it would touch to put this agreement in force, and how. Changes nothing. An agreement without relations shows what its removal would touch.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          party: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": components['schemas']["Agreement"] } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["AgreementDryRun"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/data-sets": {
    /**
     * List all data sets.
     *
     * What may be asked of each, which providers offer it, and whom their agreements let ask.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["DataSetList"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/data-sets/{name}": {
    /** Read one data set */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["DataSetOffer"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/parties": {
    /** List all parties */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["PartyList"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/parties/{id}": {
    /**
     * Read one party.
     *
     * With what its agent tells of itself: its data sets; and to its stewards and operators what went wrong with them, its runs, and what is weaker than it should be.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["PartyWithAgent"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/parties/{id}/audit": {
    /**
     * Read who asked what of a party, and what left the house.
     *
     * The audit log that the party’s own agent keeps. The gateway hands on who asks; the agent verifies the token and decides. `starling audit verify` shows whether the log is whole.
     */
    get: {
      parameters: {
        query?: {
          /** How many at most. */
          limit?: number;
          /** Go on after this sequence: `next` of the page before. */
          after?: number;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["AuditPage"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/archetypes": {
    /** List all archetypes */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["ArchetypeList"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Write one archetype, as clients of DYNAMOS do.
     *
     * Its name is in the body, whatever the path says. It takes effect at once.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          name: string;
          computeProvider: "dataProvider" | "other";
          resultRecipient: "requestor";
          weight: number;
          [name: string]: unknown;
        } } };
      responses: {
        200: ApiAnswer<{ "text/plain": "OK" }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/archetypes/{name}": {
    /**
     * Read one archetype.
     *
     * The ETag is its revision: send it as `If-Match` to change just what was read.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["StoredArchetype"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Write one archetype.
     *
     * Of the archetypes that every provider allows, the one with the highest weight is taken. A body in the form of DYNAMOS is taken too: it says its own name, and its weight changes its sign.
     */
    put: {
      parameters: {
        query?: never;
        header?: {
          /** Only where the object has this ETag; `*`: only where there is one. */
          "if-match"?: string;
          /** `*`: only where there is none yet. */
          "if-none-match"?: string;
        };
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": components['schemas']["Archetype"] | {
          name: string;
          computeProvider: "dataProvider" | "other";
          resultRecipient: "requestor";
          weight: number;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["StoredArchetype"]; "text/plain": "OK" }>;
        201: ApiAnswer<{ "application/json": components['schemas']["StoredArchetype"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Remove one archetype.
     *
     * Jobs that rest on it are checked again at once.
     */
    delete: {
      parameters: {
        query?: never;
        header?: {
          /** Only where the object has this ETag; `*`: only where there is one. */
          "if-match"?: string;
          /** `*`: only where there is none yet. */
          "if-none-match"?: string;
        };
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/request-types": {
    /** List all request types */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["RequestTypeList"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/request-types/{name}": {
    /**
     * Read one request type.
     *
     * The ETag is its revision: send it as `If-Match` to change just what was read.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["StoredRequestType"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Write one request type.
     *
     * A required step always runs; an optional one where the request or an agreement asks for it.
     */
    put: {
      parameters: {
        query?: never;
        header?: {
          /** Only where the object has this ETag; `*`: only where there is one. */
          "if-match"?: string;
          /** `*`: only where there is none yet. */
          "if-none-match"?: string;
        };
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": components['schemas']["RequestType"] } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["StoredRequestType"] }>;
        201: ApiAnswer<{ "application/json": components['schemas']["StoredRequestType"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Remove one request type.
     *
     * Jobs that rest on it are checked again at once.
     */
    delete: {
      parameters: {
        query?: never;
        header?: {
          /** Only where the object has this ETag; `*`: only where there is one. */
          "if-match"?: string;
          /** `*`: only where there is none yet. */
          "if-none-match"?: string;
        };
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/steps": {
    /** List all steps */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["StepList"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/steps/{name}": {
    /**
     * Read one step.
     *
     * The ETag is its revision: send it as `If-Match` to change just what was read.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["StoredStep"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Write one step.
     *
     * Says where a step belongs, and which steps may come directly after it.
     */
    put: {
      parameters: {
        query?: never;
        header?: {
          /** Only where the object has this ETag; `*`: only where there is one. */
          "if-match"?: string;
          /** `*`: only where there is none yet. */
          "if-none-match"?: string;
        };
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": components['schemas']["Step"] } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["StoredStep"] }>;
        201: ApiAnswer<{ "application/json": components['schemas']["StoredStep"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Remove one step.
     *
     * Jobs that rest on it are checked again at once.
     */
    delete: {
      parameters: {
        query?: never;
        header?: {
          /** Only where the object has this ETag; `*`: only where there is one. */
          "if-match"?: string;
          /** `*`: only where there is none yet. */
          "if-none-match"?: string;
        };
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/requestApproval": {
    /**
     * Ask a question, as clients of DYNAMOS do.
     *
     * As `POST /requests`, which new clients should use. With `aggregate` an archetype is preferred where a third party gets rows; with `aggregate: false` and several providers one where each computes by itself. A `JOIN` without `ON` is a cross join here, and only here; the explanation says so.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          type: string;
          user?: {
            /** Not looked at. */
            id?: string | number;
            /** Who asks, as agreements name them. */
            userName: string;
            [name: string]: unknown;
          };
          dataProviders: (string)[];
          data_request: {
            type?: string;
            /** SQL over the tables of the data set. Default: the columns that the algorithm needs. */
            query?: string;
            /** What to compute, by the defaults of the data set; empty for rows. */
            algorithm?: "average" | "count" | "sum" | "variance" | "histogram" | "quantiles" | "min" | "max" | "covariance" | "correlation" | "linearRegression" | "logisticRegression" | "";
            options?: {
              [name: string]: boolean;
            };
            requestMetadata?: {
              [name: string]: unknown;
            };
            [name: string]: unknown;
          };
          [name: string]: unknown;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["DynamosAnswer"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        502: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        504: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/agent/v1/sqlDataRequest/{steward}": {
    /**
     * Ask a job again at one party, as clients of DYNAMOS do.
     *
     * As `POST /jobs/{id}/requests`, of one party alone: a provider that answers by itself, or the third party that merges. The party is named in any case.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          steward: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          type: string;
          user?: {
            /** Not looked at. */
            id?: string | number;
            /** Who asks, as agreements name them. */
            userName: string;
            [name: string]: unknown;
          };
          /** SQL over the tables of the data set. Default: the columns that the algorithm needs. */
          query?: string;
          /** What to compute, by the defaults of the data set; empty for rows. */
          algorithm?: "average" | "count" | "sum" | "variance" | "histogram" | "quantiles" | "min" | "max" | "covariance" | "correlation" | "linearRegression" | "logisticRegression" | "";
          options?: {
            [name: string]: boolean;
          };
          /** The job to ask again. */
          requestMetadata: {
            jobId: string;
            [name: string]: unknown;
          };
          [name: string]: unknown;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["DynamosResponse"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        410: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        502: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        504: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/getAvailableProviders": {
    /** List the parties whose agents are there, as clients of DYNAMOS do */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["DynamosProviders"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/requestTypes": {
    /** List all request types, as clients of DYNAMOS do */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": (components['schemas']["DynamosRequestType"])[] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Write one request type, as clients of DYNAMOS do.
     *
     * Its name is in the body, whatever the path says. It takes effect at once.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          name: string;
          requiredServices: (string)[];
          optionalServices: {
            [name: string]: string;
          };
          [name: string]: unknown;
        } } };
      responses: {
        200: ApiAnswer<{ "text/plain": "OK" }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/requestTypes/{name}": {
    /** Read one request type, as clients of DYNAMOS do */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["DynamosRequestType"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/microservices": {
    /** List all microservices, as clients of DYNAMOS do */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": (components['schemas']["DynamosMicroservice"])[] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Write one microservice, as clients of DYNAMOS do.
     *
     * Its name is in the body, whatever the path says. It takes effect at once.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          name: string;
          label: string;
          allowedOutputs: (string)[];
          invalidArchetypes?: (string)[];
          [name: string]: unknown;
        } } };
      responses: {
        200: ApiAnswer<{ "text/plain": "OK" }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/microservices/{name}": {
    /** Read one microservice, as clients of DYNAMOS do */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["DynamosMicroservice"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/policyEnforcer/agreements": {
    /** List all agreements, as clients of DYNAMOS do */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": (components['schemas']["DynamosAgreement"])[] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Write one agreement, as clients of DYNAMOS do.
     *
     * Its name is in the body, whatever the path says. It takes effect at once.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          name: string;
          relations: {
            [name: string]: {
              ID?: string;
              requestTypes: (string)[];
              dataSets: (string)[];
              allowedArchetypes: (string)[];
              allowedComputeProviders: (string)[];
              [name: string]: unknown;
            };
          };
          computeProviders?: (string)[];
          archetypes?: (string)[];
          [name: string]: unknown;
        } } };
      responses: {
        200: ApiAnswer<{ "text/plain": "OK" }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        422: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/policyEnforcer/agreements/{name}": {
    /** Read one agreement, as clients of DYNAMOS do */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["DynamosAgreement"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/tasks/progress": {
    /**
     * Read how far tasks are.
     *
     * People see that of their own; an operator that of all.
     */
    get: {
      parameters: {
        query?: {
          /** Only of this upload. */
          batch?: string;
          /** Only of this person. */
          user?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["TaskProgress"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/tasks/progress/events": {
    /**
     * Follow how far tasks are.
     *
     * Server-sent events: the progress now, and after each change of the counts; several changes at once are told once. A client that lost its connection sends `Last-Event-ID`, and is told of what is different since. A comment every 15 seconds keeps the connection alive; the stream ends when the client leaves.
     */
    get: {
      parameters: {
        query?: {
          /** Only of this upload. */
          batch?: string;
          /** Only of this person. */
          user?: string;
        };
        header?: {
          /** The id of the last event that came. */
          "last-event-id"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "text/event-stream": components['schemas']["TaskProgress"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/tasks/take": {
    /**
     * Take tasks to work on.
     *
     * Waits for the first one as long as `waitSeconds` says. What is taken is under a lease: where nothing is heard of it for `leaseSeconds`, somebody else gets it. Where the worker is gone before it has the answer, what it was given is handed back at once.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          /** The name of the worker, for people. */
          worker: string;
          max?: number;
          waitSeconds?: number;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["TakenTasks"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/tasks/{id}/extend": {
    /** Say that the work goes on */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          /** As it came with the task. */
          lease: string;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Task"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/tasks/{id}/fail": {
    /**
     * Say that the work failed.
     *
     * With `retryable` it is tried again later, a few times at most; without, the task has failed.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          /** As it came with the task. */
          lease: string;
          code?: "configuration-invalid" | "input-invalid" | "input-too-large" | "media-type-unsupported" | "protocol-unsupported" | "range-invalid" | "format-unavailable" | "unknown-party" | "unknown-data-set" | "unknown-request-type" | "unknown-archetype" | "unknown-step" | "unknown-option" | "composition-invalid" | "statement-invalid" | "request-refused" | "no-common-archetype" | "statement-refused" | "order-refused" | "host-refused" | "token-missing" | "token-invalid" | "clock-skewed" | "issuer-unreachable" | "role-missing" | "rate-limited" | "signature-invalid" | "enrolment-refused" | "release-refused" | "ground-lost" | "audit-broken" | "certificate-invalid" | "backup-invalid" | "storage-version" | "not-yours" | "not-found" | "method-not-allowed" | "revision-conflict" | "configuration-differs" | "job-ended" | "result-gone" | "result-not-ready" | "name-taken" | "host-in-use" | "lease-lapsed" | "task-ended" | "history-compacted" | "provider-unavailable" | "data-set-unavailable" | "queue-full" | "pool-exhausted" | "run-failed" | "run-died" | "step-failed" | "worker-lost" | "time-limit" | "memory-limit" | "result-too-large" | "no-fit" | "request-cancelled" | "storage-full" | "storage-failed" | "storage-unavailable" | "storage-refused" | "storage-replaced" | "blob-damaged" | "folder-in-use" | "port-in-use" | "gateway-unreachable" | "shutting-down" | "internal";
          /** What happened, for people. */
          message: string;
          /** Whether another attempt could come out differently. */
          retryable: boolean;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Task"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/tasks/{id}/give-back": {
    /**
     * Hand a task back, unharmed.
     *
     * For a worker that stops: another gets the task at once, and it is no failed attempt.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          /** As it came with the task. */
          lease: string;
          cause: string;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Task"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/tasks": {
    /**
     * List tasks, oldest first.
     *
     * People see their own; an operator all.
     */
    get: {
      parameters: {
        query?: {
          /** Only those in this state. */
          state?: "uploading" | "queued" | "leased" | "done" | "failed" | "cancelled";
          /** Only those of this upload. */
          batch?: string;
          /** Only those with this filter. */
          filter?: string;
          /** Only those of this person. */
          user?: string;
          /** How many at most. */
          limit?: number;
          /** Go on after this one: `next` of the page before. */
          after?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["TaskPage"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Upload files to be processed.
     *
     * A form (`multipart/form-data`) with one or many files. The fields `filter`, `parameters` and `batch` come before the files that they are for, or are in the query.
     *
     * Each file is taken by itself: the answer says for each what became of it, and one that is not taken stops no other. A file that was taken is on disk, and will be worked on. Within a batch a name stands for one file, so that an upload that broke off can be sent again.
     *
     * Where there is one file, and it is not taken, the answer is a problem.
     */
    post: {
      parameters: {
        query?: {
          filter?: string;
          /** JSON. */
          parameters?: string;
          batch?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "multipart/form-data": {
          /** One of /filters; before the files that it is for. */
          filter?: string;
          /** Of the filter, as JSON; before the files. */
          parameters?: string;
          /** A name for the upload; before the files. */
          batch?: string;
          /** A file; as many as you like. */
          file: string;
          [name: string]: unknown;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Upload"] }>;
        201: ApiAnswer<{ "application/json": components['schemas']["Upload"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/tasks/retry": {
    /**
     * Try all failed tasks again.
     *
     * Those of a batch, or all; people try their own again, an operator those of everybody.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          batch?: string;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["RetriedTasks"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/tasks/{id}": {
    /** Read a task and its history */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Task"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/tasks/{id}/cancel": {
    /**
     * Cancel a task.
     *
     * No worker takes it any more, and the result of one that has it is refused.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Task"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/tasks/{id}/retry": {
    /** Try a failed or cancelled task again */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Task"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/tasks/{id}/original": {
    /**
     * Read the original of a task.
     *
     * Whole, or the part that Range asks for. The bytes are checked as they are read: where they are not those that were stored, the connection breaks before the end.
     */
    get: {
      parameters: {
        query?: never;
        header?: {
          /** As in `bytes=0-1023`. */
          range?: string;
          "if-range"?: string;
        };
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/octet-stream": string; "image/jpeg": string; "image/png": string; "image/webp": string; "image/tiff": string; "image/gif": string; "image/avif": string; "image/heif": string; "image/heic": string }>;
        206: ApiAnswer<{ "application/octet-stream": string; "image/jpeg": string; "image/png": string; "image/webp": string; "image/tiff": string; "image/gif": string; "image/avif": string; "image/heif": string; "image/heic": string }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        416: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/tasks/{id}/result": {
    /**
     * Read the result of a task.
     *
     * Whole, or the part that Range asks for. The bytes are checked as they are read: where they are not those that were stored, the connection breaks before the end.
     */
    get: {
      parameters: {
        query?: never;
        header?: {
          /** As in `bytes=0-1023`. */
          range?: string;
          "if-range"?: string;
        };
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/octet-stream": string; "image/jpeg": string; "image/png": string; "image/webp": string; "image/tiff": string; "image/gif": string; "image/avif": string; "image/heif": string; "image/heic": string }>;
        206: ApiAnswer<{ "application/octet-stream": string; "image/jpeg": string; "image/png": string; "image/webp": string; "image/tiff": string; "image/gif": string; "image/avif": string; "image/heif": string; "image/heic": string }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        416: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Hand in the result.
     *
     * The body is the result, of the media type that Content-Type says. The task is done.
     */
    put: {
      parameters: {
        query?: never;
        header: {
          /** As it came with the task. */
          "starling-lease": string;
          /** Of the result, as in `image/png`. */
          "content-type"?: string;
        };
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/octet-stream": string } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Task"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/filters": {
    /** List what can be done to a file */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["FilterList"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/queues": {
    /** List all queues */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["QueueList"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/queues/{name}": {
    /** Read how a queue is */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Queue"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/queues/{name}/pause": {
    /**
     * Pause a queue.
     *
     * Nothing is given to workers until it is resumed, also after a restart; what comes in is taken.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Queue"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/queues/{name}/resume": {
    /**
     * Resume a queue.
     *
     * Without effect on one that is not paused.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Queue"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/queues/{name}/dead-letters": {
    /** List messages that are not delivered any more */
    get: {
      parameters: {
        query?: {
          /** How many at most. */
          limit?: number;
          /** `next` of the page before. */
          after?: number;
        };
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["DeadLetterPage"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/queues/{name}/dead-letters/{sequence}/retry": {
    /** Deliver a dead letter again */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
          sequence: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Queue"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/queues/{name}/dead-letters/{sequence}": {
    /** Forget a dead letter */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
          sequence: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/status": {
    /** Read how the gateway is */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Status"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/users": {
    /** List the people who are removed */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["RemovedUserList"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/users/{id}": {
    /**
     * Remove a person.
     *
     * Ends all live jobs of the person, stops what runs for them, and refuses further requests until the person is admitted again. It is this gateway’s own rule: the agreements of the providers stay as they are.
     */
    delete: {
      parameters: {
        query: {
          /** Why, for the person. */
          cause: string;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["RemovedUser"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Admit a person again.
     *
     * Jobs that ended stay ended. Without effect on a person who was not removed.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/healthz": {
    /**
     * Whether the process lives.
     *
     * Answers as long as the process does. It says nothing of whether it can work: see `/readyz`.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Health"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/readyz": {
    /**
     * Whether the process can do its work.
     *
     * Runs every check. Where one fails the status is 503, and the body says which and why.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Health"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/json": components['schemas']["Health"]; "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/metrics": {
    /** Metrics for Prometheus */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "text/plain": string }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/.well-known/openid-configuration": {
    /** The built-in issuer of tokens */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": {
          issuer: string;
          [name: string]: unknown;
        } }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/.well-known/jwks.json": {
    /** The keys of the built-in issuer */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": {
          keys: ({
            [name: string]: unknown;
          })[];
          [name: string]: unknown;
        } }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/audit": {
    /**
     * Read the gateway’s own audit log.
     *
     * Orders that it signed, receipts that came back, and who was enrolled.
     */
    get: {
      parameters: {
        query?: {
          /** How many at most. */
          limit?: number;
          /** Go on after this sequence: `next` of the page before. */
          after?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["AuditPage"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/enrolments": {
    /**
     * Enrol an agent with its one-time token.
     *
     * Pins the key of the party, and answers with that of the gateway. `starling enroll` does it; the token counts once.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": components['schemas']["Redemption"] } };
      responses: {
        201: ApiAnswer<{ "application/json": components['schemas']["Enrolled"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        415: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /** List the parties that are enrolled or invited */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Enrolments"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/parties/{id}/enrolment": {
    /**
     * Invite the agent of a party.
     *
     * A one-time token, to be handed to whoever runs the agent by a way that others cannot read. An earlier one of the party is void.
     */
    post: {
      parameters: {
        query?: {
          /** How long the token counts. */
          days?: number;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        201: ApiAnswer<{ "application/json": components['schemas']["Invitation"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Revoke the enrolment of a party.
     *
     * Forgets its key and its token, and ends its stream. Its agent must be invited anew.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/agents/link": {
    /**
     * The stream of an agent.
     *
     * A WebSocket (RFC 6455) that agents open; both ends prove who they are by their keys.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        101: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/services": {
    /** List all services */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["ServiceList"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/services/{name}": {
    /** Read one service */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Service"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/services/{name}/replicas": {
    /**
     * Say how many instances are wanted.
     *
     * It is answered when the number is stored; instances are started and drained from then on. The number is held to the range of the service, and outlives a restart.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          replicas: number;
          because?: string;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Service"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/services/{name}/restart": {
    /**
     * Replace every instance.
     *
     * One after the other, so that the others go on meanwhile. It is answered when that is stored.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Service"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/services/{name}/logs": {
    /**
     * Read or follow what instances write.
     *
     * The newest lines as JSON; with `follow=true` as server-sent events that go on: `id` is the sequence, `event` is `line`, `data` the line as JSON. A client that lost its connection goes on with `Last-Event-ID`.
     */
    get: {
      parameters: {
        query?: {
          /** How many lines that are there already, the newest. */
          last?: number;
          /** Only those of this instance. */
          instance?: string;
          /** Whether to go on with what is written. */
          follow?: "true" | "false";
        };
        header?: {
          /** The id of the last event that came. */
          "last-event-id"?: string;
        };
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["LogLineList"]; "text/event-stream": components['schemas']["LogLine"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/hosts": {
    /**
     * List all hosts.
     *
     * Also those that are gone, until they are removed.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["HostList"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/hosts/{name}/drain": {
    /**
     * Have a host keep nothing.
     *
     * Its instances are moved to other hosts, one after the other: each ends there once it is ready elsewhere. It is answered when that is stored.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          because?: string;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Host"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /** Let a drained host take instances again */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["Host"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/hosts/{name}": {
    /**
     * Forget a host.
     *
     * One that is there has to be drained first, and to keep nothing; it is told to end.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/hosts/{name}/registration": {
    /**
     * Come as a host.
     *
     * A host that comes back proves by its `identity` that it is the one that has the name.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          /** How many instances it has places for. */
          capacity: number;
          /** What only this host knows, and keeps: it lets it take its own place again. */
          identity: string;
          /** Tells this process of the host from those before and after. */
          life: string;
          version: string;
          /** Its clock, in milliseconds since 1970. */
          wallTime: number;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["HostLease"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /** Leave as a host */
    delete: {
      parameters: {
        query: {
          /** As it came with the registration. */
          lease: string;
        };
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/hosts/{name}/reports": {
    /**
     * Tell what has changed at a host.
     *
     * The lease counts for its full time again.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          /** As it came with the registration. */
          lease: string;
          /** Grows with each report under the lease. */
          sequence: number;
          changed: ({
            id: string;
            service: string;
            slot: number;
            generation: number;
            host: string;
            pid?: number;
            processStart?: string;
            state: "starting" | "ready" | "draining" | "ended";
            cause?: string;
            /** ISO 8601, UTC. */
            startedAt: string;
            /** ISO 8601, UTC. */
            readyAt?: string;
            /** ISO 8601, UTC. */
            endedAt?: string;
            restarts: number;
            /** ISO 8601, UTC. */
            retryAt?: string;
          })[];
          gone: ({
            service: string;
            id: string;
          })[];
          /** It is stopping, and takes nothing new. */
          leaving?: true;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["HostLease"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/hosts/{name}/orders": {
    /**
     * Follow what a host is to keep.
     *
     * Server-sent events: all that it is to keep, now and after each change. Whoever lost its connection is told all of it again.
     */
    get: {
      parameters: {
        query: {
          /** As it came with the registration. */
          lease: string;
        };
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "text/event-stream": components['schemas']["HostOrders"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/hosts/{name}/tokens": {
    /** Get a token for an instance of a service that the host is to keep */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          /** As it came with the registration. */
          lease: string;
          service: string;
          id: string;
        } } };
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["InstanceToken"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/hosts/{name}/lines": {
    /** Hand on what instances of a service write */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": {
          /** As it came with the registration. */
          lease: string;
          service: string;
          lines: ({
            sequence: number;
            /** ISO 8601, UTC. */
            time: string;
            instance: string;
            stream: "stdout" | "stderr";
            text: string;
          })[];
        } } };
      responses: {
        204: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/openapi.json": {
    /** This document */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": {
          openapi: string;
          [name: string]: unknown;
        } }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/uploads": {
    /**
     * List uploads that are not whole yet.
     *
     * People see their own; an operator all. What became a task is among the tasks.
     */
    get: {
      parameters: {
        query?: {
          /** Only those of this batch. */
          batch?: string;
          /** How many at most. */
          limit?: number;
          /** Go on after this one: `next` of the page before. */
          after?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: ApiAnswer<{ "application/json": components['schemas']["ResumableUploadPage"] }>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Begin an upload that goes on where it breaks off.
     *
     * By the [tus protocol](https://tus.io/protocols/resumable-upload) 1.0.0, with the extensions creation, creation-with-upload, termination and expiration (a day). `Upload-Metadata` has `filename` and `filter`, and may have `filetype`, `parameters` (JSON) and `batch`. `Location` is where the bytes go.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/offset+octet-stream": string } };
      responses: {
        201: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        412: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
  "/api/v1/uploads/{id}": {
    /**
     * Send more bytes of an upload.
     *
     * What came before a connection broke is kept. With the last byte it becomes a task.
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/offset+octet-stream": string } };
      responses: {
        204: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        412: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        413: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        507: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
    /**
     * Give an upload up.
     *
     * The task that it became stays.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: ApiAnswer<undefined>;
        400: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        401: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        403: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        404: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        409: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        412: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        429: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        500: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
        503: ApiAnswer<{ "application/problem+json": components['schemas']["Problem"] }>;
      };
    };
  };
}

/** What operations take and answer with. */
export interface components {
  schemas: {
    Agreement: {
      title?: string;
      /** One entry per requester. */
      relations: {
        [name: string]: {
          requestTypes: (string)[];
          dataSets: {
            [name: string]: {
              columns: {
                [name: string]: (string)[] | "*";
              };
            };
          };
          /** The party that the requester belongs to, for archetypes that say so of who computes or gets the answer. */
          home?: string;
          /** Who may compute, and who may get the result. */
          archetypes: (string)[];
          /** Third parties that may compute. */
          computeProviders?: (string)[];
          output: {
            form: "aggregates" | "rows";
            /** Fewest persons that a released group may have. Default: 10 for aggregates, 1 for rows. */
            minimumGroupSize?: number;
            /** Whether min and max may leave. Default: false. */
            extremes?: boolean;
            /** Whether a compute provider may get figures of smaller groups, to merge them with those of others until they are large enough. Default: false. */
            smallGroupsAtComputeProvider?: boolean;
            /** Whether rows may go to a compute provider, which releases only what the form says. Default: true for rows, else false. */
            rowsAtComputeProvider?: boolean;
          };
          /** Steps that this provider always runs. */
          requiredSteps?: (string)[];
          /** Foreign steps that may get rows of this provider, and whose figures may leave; those under requiredSteps may, too. Default: none. */
          foreignSteps?: (string)[];
          limits?: {
            /** Seconds that one run may take. */
            timeSeconds?: number;
            /** Megabytes (10⁶ bytes) that one run may use. */
            memoryMegabytes?: number;
            /** Rows that one answer may have. */
            rows?: number;
            /** Megabytes (10⁶ bytes) of one answer. */
            resultMegabytes?: number;
            /** Hours that a job lives. Default: 24. */
            jobHours?: number;
          };
          /** The first moment; a bare date starts at 00:00 UTC. */
          notBefore?: string;
          /** The last moment; a bare date counts whole, in UTC. */
          expires?: string;
        };
      };
      /** Requesters who get nothing, with the reason they are told; it goes before any relation. */
      denied?: {
        [name: string]: string;
      };
    };
    AgreementDryRun: {
      party: string;
      /** Requesters whose relation would be new, gone or otherwise. */
      users: ({
        user: string;
        change: "added" | "changed" | "removed";
        /** What would change, in whole sentences. */
        effects: (string)[];
      })[];
      /** Live jobs that would not stay as they are. */
      jobs: ({
        job: string;
        user: string;
        becomes: "recomposed" | "revoked";
        why: string;
      })[];
      /** Data sets of which others could ask, or of other columns. */
      dataSets: ({
        name: string;
        /** What would change, in whole sentences. */
        effects: (string)[];
      })[];
      /** Names in it that are not configured, and so allow nothing. */
      unknown: (string)[];
    };
    AgreementList: {
      items: (components['schemas']["StoredAgreement"])[];
    };
    Answer: {
      request: string;
      results: ({
        providers: (string)[];
        computedAt: string;
        columns: (string)[];
        withheld?: {
          groups: number;
          total: boolean;
          minimumGroupSize: number;
        };
        named?: {
          [name: string]: string | number | boolean | null;
        };
        error?: components['schemas']["Error"];
        rows: ({
          [name: string]: string | number | boolean | null;
        })[];
      })[];
    };
    Archetype: {
      title: string;
      description?: string;
      /** Of the archetypes that are left, the one with the highest weight is taken. */
      weight: number;
      /** Who gets the answer: dataProvider for people alone whose home the data provider is. Default: whoever asks. */
      recipient?: "dataProvider";
      dataProvider: {
        roles: ("dataProvider" | "computeProvider")[];
        releases: "answer" | "partials" | "rows";
      };
      computeProvider?: {
        /** Which of the parties that all agreements let compute: a third party without data in the request, one of the data providers, or the home of the requester. Default: any. */
        who?: "thirdParty" | "dataProvider" | "requesterHome";
        roles: ("dataProvider" | "computeProvider")[];
        receives: "partials" | "rows";
        releases: "answer";
      };
    };
    ArchetypeList: {
      items: (components['schemas']["StoredArchetype"])[];
    };
    AuditEntry: {
      /** From 1, without gaps. */
      sequence: number;
      /** ISO 8601, UTC. */
      at: string;
      /** What kind of thing it was, such as order-refused. */
      type: string;
      /** What is to be known of it; depends on the type. */
      data: unknown;
      /** The hash of the entry before it. */
      previous: string;
      /** SHA-256 over the canonical JSON of the entry without this member, in base64url. */
      hash: string;
    };
    AuditPage: {
      /** Oldest first. */
      items: (components['schemas']["AuditEntry"])[];
      /** Pass it as `after` to read on; absent on the last page. */
      next?: number;
      /** The newest entry’s sequence and hash, signed by whose log it is (a compact JWS). */
      head: string;
      /** The keys that it signs and signed with, the one of now first. */
      keys: ({
        kty: "OKP";
        crv: "Ed25519";
        x: string;
        kid: string;
      })[];
    };
    Composition: {
      requestType: string;
      dataSet: string;
      /** More than one only under mixed archetypes. */
      parts: ({
        archetype: string;
        /** Who computes one answer of all; else each answers. */
        computeProvider?: string;
        providers: (string)[];
      })[];
      askedSteps: (string)[];
      chains: ({
        party: string;
        archetype: string;
        steps: ({
          step: string;
          mode: "whole" | "partial" | "merge";
        })[];
        releases: "answer" | "partials" | "rows";
        receivesFrom: (string)[];
        output: {
          form: "aggregates" | "rows";
          /** The fewest persons that a released group may have. */
          minimumGroupSize: number;
          extremes: boolean;
          smallGroupsAtComputeProvider?: true;
          rowsAtComputeProvider?: true;
        };
        limits: {
          /** Seconds that one run may take. */
          timeSeconds?: number;
          /** Megabytes (10⁶ bytes) that one run may use. */
          memoryMegabytes?: number;
          /** Rows that one answer may have. */
          rows?: number;
          /** Megabytes (10⁶ bytes) of one answer. */
          resultMegabytes?: number;
          /** Hours that a job lives. Default: 24. */
          jobHours?: number;
        };
        place: "dataProvider";
        /** Who takes what it releases. */
        computeProvider?: string;
        columns: {
          [name: string]: (string)[] | "*";
        };
        agreementRevision: number;
        agreementHash: string;
      } | {
        party: string;
        archetype: string;
        steps: ({
          step: string;
          mode: "whole" | "partial" | "merge";
        })[];
        releases: "answer" | "partials" | "rows";
        receivesFrom: (string)[];
        output: {
          form: "aggregates" | "rows";
          /** The fewest persons that a released group may have. */
          minimumGroupSize: number;
          extremes: boolean;
          smallGroupsAtComputeProvider?: true;
          rowsAtComputeProvider?: true;
        };
        limits: {
          /** Seconds that one run may take. */
          timeSeconds?: number;
          /** Megabytes (10⁶ bytes) that one run may use. */
          memoryMegabytes?: number;
          /** Rows that one answer may have. */
          rows?: number;
          /** Megabytes (10⁶ bytes) of one answer. */
          resultMegabytes?: number;
          /** Hours that a job lives. Default: 24. */
          jobHours?: number;
        };
        place: "computeProvider";
        receives: "answer" | "partials" | "rows";
      })[];
      notes: (string)[];
    };
    DataSetList: {
      items: (components['schemas']["DataSetOffer"])[];
    };
    DataSetOffer: {
      name: string;
      title: string;
      description?: string;
      /** The columns that identify a person. */
      unit: (string)[];
      measures: ({
        column: string;
        title?: string;
        description?: string;
      })[];
      groups: (string)[];
      filters: (string)[];
      algorithms: (string)[];
      defaults: {
        algorithm?: string;
        column?: string;
        groupBy?: (string)[];
      };
      providers: ({
        party: string;
        state: "importing" | "ready" | "failed" | "offline";
        error?: string;
        importedAt?: string;
        tables: ({
          name: string;
          rows: number;
          /** Lines of the source that were left out. */
          rejected: number;
          rejects: ({
            line: number;
            reason: string;
          })[];
          columns: ({
            name: string;
            type: string;
          })[];
        })[];
        requesters: ({
          user: string;
          form: "aggregates" | "rows";
        })[];
      })[];
    };
    DeadLetterPage: {
      items: ({
        /** Its place in the queue, by which it is retried or forgotten. */
        sequence: number;
        id?: string;
        reason: string;
        attempts: number;
        /** Milliseconds since 1970-01-01T00:00Z. */
        publishedAt: number;
        /** Milliseconds since 1970-01-01T00:00Z. */
        diedAt: number;
        /** Length of the message. */
        bytes: number;
        /** Its beginning, where it is text. */
        text?: string;
      })[];
      /** Pass it as `after` to read on; absent on the last page. */
      next?: number;
    };
    DryRun: {
      question: components['schemas']["Question"];
      decisions: ({
        provider: string;
        approved: true;
        user: string;
        /** The party that the person belongs to. */
        home?: string;
        agreementRevision: number;
        /** The hash by which the provider’s agent knows the agreement. */
        agreementHash: string;
        archetypes: (string)[];
        computeProviders: (string)[];
        output: {
          form: "aggregates" | "rows";
          /** The fewest persons that a released group may have. */
          minimumGroupSize: number;
          extremes: boolean;
          smallGroupsAtComputeProvider?: true;
          rowsAtComputeProvider?: true;
        };
        requiredSteps: (string)[];
        columns: {
          [name: string]: (string)[] | "*";
        };
        limits: {
          /** Seconds that one run may take. */
          timeSeconds?: number;
          /** Megabytes (10⁶ bytes) that one run may use. */
          memoryMegabytes?: number;
          /** Rows that one answer may have. */
          rows?: number;
          /** Megabytes (10⁶ bytes) of one answer. */
          resultMegabytes?: number;
          /** Hours that a job lives. Default: 24. */
          jobHours?: number;
        };
      } | {
        provider: string;
        approved: false;
        reasons: ({
          code: "not-a-data-provider" | "data-set-not-offered" | "no-agreement" | "user-denied" | "user-removed" | "no-relation" | "not-yet-valid" | "expired" | "request-type" | "data-set-not-allowed" | "columns" | "archetype" | "compute-provider" | "output-form" | "extremes" | "foreign-step" | "not-asked";
          message: string;
        })[];
      })[];
      placement?: {
        /** More than one only under mixed archetypes. */
        parts: ({
          archetype: string;
          /** Who computes one answer of all; else each answers. */
          computeProvider?: string;
          providers: (string)[];
        })[];
        absent: (string)[];
        outputs: {
          [name: string]: {
            form: "aggregates" | "rows";
            /** The fewest persons that a released group may have. */
            minimumGroupSize: number;
            extremes: boolean;
            smallGroupsAtComputeProvider?: true;
            rowsAtComputeProvider?: true;
          };
        };
        considered: ({
          archetype: string;
          chosen: boolean;
          why: ({
            provider?: string;
            message: string;
          })[];
        })[];
      };
      composition?: components['schemas']["Composition"];
      /** Why it would be refused. */
      error?: components['schemas']["Error"];
    };
    DynamosAgreement: {
      name: string;
      relations: {
        [name: string]: {
          ID: string;
          requestTypes: (string)[];
          dataSets: (string)[];
          allowedArchetypes: (string)[];
          allowedComputeProviders: (string)[];
        };
      };
      computeProviders: (string)[];
      archetypes: (string)[];
    };
    DynamosAnswer: {
      jobId: string;
      /** One answer each, in the order asked; figures have three decimals. Empty where a provider failed. */
      responses: (string)[];
      /** The same answers, each with the providers whose data are in it. */
      results: ({
        providers: (string)[];
        computedAt: string;
        response: string;
        error?: components['schemas']["Error"];
      })[];
      refused: ({
        provider: string;
        reasons: ({
          /** Which rule of the agreement: branch on it. */
          code: string;
          message: string;
        })[];
      })[];
      /** Providers that allow it, and whose agents are offline. */
      absent: (string)[];
      /** The id of the request, with which it can be explained. */
      request: string;
    };
    DynamosMicroservice: {
      name: string;
      label: string;
      allowedOutputs: (string)[];
    };
    DynamosProviders: {
      [name: string]: {
        name: string;
        ActiveSince: string;
        ConfigUpdated: string;
        routingKey: string;
        dns: string;
      };
    };
    DynamosRequestType: {
      name: string;
      requiredServices: (string)[];
      optionalServices: {
        [name: string]: string;
      };
    };
    DynamosResponse: {
      [name: string]: string;
    } | ((string)[])[];
    Enrolled: {
      /** The gateway’s key, signed by it and bound to the enrolment. */
      enrolled: string;
    };
    Enrolments: {
      items: ({
        party: string;
        /** The thumbprint of its key, where it is enrolled. */
        key?: string;
        /** When it enrolled. */
        since?: string;
        /** Until when its open invitation counts. */
        invitedUntil?: string;
      })[];
    };
    Error: {
      code: "configuration-invalid" | "input-invalid" | "input-too-large" | "media-type-unsupported" | "protocol-unsupported" | "range-invalid" | "format-unavailable" | "unknown-party" | "unknown-data-set" | "unknown-request-type" | "unknown-archetype" | "unknown-step" | "unknown-option" | "composition-invalid" | "statement-invalid" | "request-refused" | "no-common-archetype" | "statement-refused" | "order-refused" | "host-refused" | "token-missing" | "token-invalid" | "clock-skewed" | "issuer-unreachable" | "role-missing" | "rate-limited" | "signature-invalid" | "enrolment-refused" | "release-refused" | "ground-lost" | "audit-broken" | "certificate-invalid" | "backup-invalid" | "storage-version" | "not-yours" | "not-found" | "method-not-allowed" | "revision-conflict" | "configuration-differs" | "job-ended" | "result-gone" | "result-not-ready" | "name-taken" | "host-in-use" | "lease-lapsed" | "task-ended" | "history-compacted" | "provider-unavailable" | "data-set-unavailable" | "queue-full" | "pool-exhausted" | "run-failed" | "run-died" | "step-failed" | "worker-lost" | "time-limit" | "memory-limit" | "result-too-large" | "no-fit" | "request-cancelled" | "storage-full" | "storage-failed" | "storage-unavailable" | "storage-refused" | "storage-replaced" | "blob-damaged" | "folder-in-use" | "port-in-use" | "gateway-unreachable" | "shutting-down" | "internal";
      message: string;
      details?: {
        [name: string]: unknown;
      };
    };
    Explanation: {
      request: string;
      job?: string;
      state: "running" | "answered" | "refused" | "failed" | "cancelled";
      askedBy: components['schemas']["User"];
      /** ISO 8601, UTC. */
      askedAt: string;
      tookMs?: number;
      question: {
        requestType: string;
        dataSet: string;
        query: string;
        queryGiven: boolean;
        algorithm?: {
          name: "average" | "count" | "sum" | "variance" | "histogram" | "quantiles" | "min" | "max" | "covariance" | "correlation" | "linearRegression" | "logisticRegression";
          column?: string;
          columns?: (string)[];
          outcome?: {
            column: string;
            equals?: string | number | boolean;
          };
          predictors?: (string)[];
          quantiles?: (number)[];
          groupBy: (string)[];
          total: boolean;
          bins?: {
            /** The width of one bin, in the unit of the column. */
            width: number;
            /** Where a bin starts. Default: 0. */
            origin?: number;
          };
        };
        options: (string)[];
      };
      providers: ({
        provider: string;
        outcome: "took part" | "left out" | "refused" | "absent" | "not placed";
        because: (string)[];
        agreementRevision?: number;
        minimumGroupSize?: number;
        withheldGroups?: number;
      })[];
      /** Every archetype that was considered, the chosen one first. */
      archetypes: ({
        name: string;
        chosen: boolean;
        because: (string)[];
      })[];
      /** Who answered under which archetype, and who computed. */
      parts: ({
        archetype: string;
        /** Who computes one answer of all; else each answers. */
        computeProvider?: string;
        providers: (string)[];
      })[];
      /** What ran where. */
      chains: ({
        party: string;
        place: "dataProvider" | "computeProvider";
        archetype: string;
        steps: ({
          step: string;
          mode: "whole" | "partial" | "merge";
        })[];
        state: "running" | "done" | "failed";
        /** Milliseconds since 1970-01-01T00:00Z. */
        startedAt: number;
        /** Milliseconds since 1970-01-01T00:00Z. */
        endedAt?: number;
        /** How long it waited for a free process. */
        waitedMs?: number;
        phases: ({
          name: "open" | "parse" | "bind" | "authorise" | "execute" | "count persons" | "fingerprint" | "combine" | "merge";
          ms: number;
        })[];
        /** The statement that ran, as its provider shows it. */
        statement?: string;
        /** Set where a `JOIN` without a condition was taken as a cross join. */
        crossJoined?: true;
        /** Columns that were read. */
        read: (string)[];
        error?: components['schemas']["Error"];
      })[];
      /** What crossed a party’s border. */
      crossings: ({
        from: string;
        /** A party, or requester. */
        to: string;
        what: "answer" | "partials" | "rows";
        rows: number;
        bytes: number;
      })[];
      notes: (string)[];
      error?: components['schemas']["Error"];
    };
    Filter: {
      name: string;
      title: string;
      /** JSON Schema of what it takes, with what is taken where a parameter is left out. */
      parameters: {
        [name: string]: unknown;
      };
    };
    FilterList: {
      items: (components['schemas']["Filter"])[];
    };
    FollowUpBody: {
      /** The person who asks. */
      user?: {
        /** Who asks, as agreements name them. */
        id: string;
        /** The name that people read. */
        name?: string;
      };
      /** The kind of request. Default: sqlDataRequest. */
      requestType?: string;
      /** SQL over the tables of the data set. Default: the columns that the algorithm needs. */
      query?: string;
      /** What to compute. Without it, and with a query, the request asks for rows. */
      algorithm?: {
        /** What to compute. */
        name: "average" | "count" | "sum" | "variance" | "histogram" | "quantiles" | "min" | "max" | "covariance" | "correlation" | "linearRegression" | "logisticRegression";
        /** The declared measure to compute over. Default: that of the data set. A count needs none. */
        column?: string;
        /** The declared measures of a covariance or correlation. */
        columns?: (string)[];
        /** What a regression explains: a measure, or whether a group has one value. */
        outcome?: string | {
          column: string;
          /** The value that counts as 1; all others count as 0. */
          equals?: string | number | boolean;
        };
        /** The measures that a regression explains its outcome by. */
        predictors?: (string)[];
        /** The quantiles to compute. Default: the quartiles. */
        quantiles?: (number)[];
        /** Declared groups to divide the answer by; [] for none. Default: those of the data set. */
        groupBy?: (string)[];
        /** Whether to add the figure over all groups. Default: false. */
        total?: boolean;
        /** The bins of a histogram. Default: those of the data set. */
        bins?: {
          /** The width of one bin, in the unit of the column. */
          width: number;
          /** Where a bin starts. Default: 0. */
          origin?: number;
        };
      };
      /** Optional steps to have, by the option that each step declares. */
      options?: {
        [name: string]: boolean;
      };
      /** Whether one answer of several providers may go without those that fail. Default: false. */
      allowPartial?: boolean;
      /** Limits of the request itself; the stricter of these and the agreement counts. */
      limits?: {
        /** Seconds for one run. */
        timeSeconds?: number;
      };
    };
    Health: {
      status: "ok" | "failed";
      checks: ({
        name: string;
        status: "ok" | "failed";
        message?: string;
      })[];
    };
    Host: {
      name: string;
      /** `drained`: gives away what it has. `leaving`: it stops. `gone`: nothing is heard of it. */
      state: "open" | "drained" | "leaving" | "gone";
      /** Why it is drained, or is not any more. */
      because: string;
      /** Places for instances; absent where it is gone. */
      capacity?: number;
      version?: string;
      /** ISO 8601, UTC. */
      since?: string;
      /** How many instances it is to keep. */
      assigned: number;
      instances: ({
        service: string;
        id: string;
        slot: number;
        state: "starting" | "ready" | "draining" | "ended";
      })[];
    };
    HostLease: {
      /** As it came with the registration. */
      lease: string;
      /** From when the call was sent, in milliseconds. */
      leaseMs: number;
    };
    HostList: {
      items: (components['schemas']["Host"])[];
    };
    HostOrders: {
      removed: false;
      services: ({
        declaration: {
          description?: string;
          /** A program and its arguments; or `program`, one of Starling’s own by its name. */
          command: (string)[] | {
            program: string;
          };
          environment: {
            [name: string]: string;
          };
          replicas: {
            desired: number;
            min: number;
            max: number;
          };
          /** What one instance is held to by the operating system. */
          limits: {
            memoryMegabytes: number;
            cpuSeconds?: number;
            fileMegabytes?: number;
          };
          /** How long an instance may take to end after SIGTERM. */
          graceSeconds: number;
          /** When it is ready: once its process runs, once it has written the line `ready`, or once it answers `GET` of a path of its own on loopback with 2xx. */
          readiness: "started" | "line" | {
            http: string;
            everySeconds: number;
            port?: number;
          };
          /** How long it may take until it is ready. */
          startSeconds: number;
          /** A ready instance that gives no sign of life for so long is taken to hang, and is replaced. A sign is the line `alive`, and an answer of `liveness`. */
          heartbeatSeconds?: number;
          /** A path that a ready instance is asked for so often; 2xx is a sign of life. Without `heartbeatSeconds` it may miss three. */
          liveness?: {
            http: string;
            everySeconds: number;
            port?: number;
          };
          name: string;
        };
        slots: ({
          slot: number;
          generation: number;
        })[];
      })[];
    } | {
      removed: true;
    };
    Instance: {
      id: string;
      /** Which of the wanted instances it is, from 0. */
      slot: number;
      /** Of the service, when it was started. */
      generation: number;
      host: string;
      pid?: number;
      /** `draining`: told to end. `ended`: gone, and started again at `retryAt`. */
      state: "starting" | "ready" | "draining" | "ended";
      /** Why it is in that state. */
      cause?: string;
      /** ISO 8601, UTC. */
      startedAt: string;
      /** ISO 8601, UTC. */
      readyAt?: string;
      /** ISO 8601, UTC. */
      endedAt?: string;
      /** ISO 8601, UTC. */
      retryAt?: string;
      /** How often its slot was started before it. */
      restarts: number;
    };
    InstanceToken: {
      token?: string;
      ttlMs?: number;
    };
    Invitation: {
      /** Counts once: hand it on secretly. */
      token: string;
      /** ISO 8601, UTC. */
      expiresAt: string;
    };
    Job: {
      id: string;
      user: components['schemas']["User"];
      question?: components['schemas']["Question"];
      state: "live" | "expired" | "revoked";
      composition: components['schemas']["Composition"];
      /** How often it was composed, from 1 on. */
      revision: number;
      /** Milliseconds since 1970-01-01T00:00Z. */
      createdAt: number;
      /** Milliseconds since 1970-01-01T00:00Z. */
      expiresAt: number;
      ended?: {
        /** Milliseconds since 1970-01-01T00:00Z. */
        at: number;
        because: string;
      };
      /** Requests that have not ended. */
      openQuestions: (string)[];
      questionsAsked: number;
      history: ({
        sequence: number;
        /** Milliseconds since 1970-01-01T00:00Z. */
        at: number;
        type: "created" | "asked" | "answered" | "failed" | "recomposed" | "expired" | "revoked";
        cause: string;
        question?: string;
      })[];
    };
    JobPage: {
      items: (components['schemas']["Job"])[];
      /** Pass it as `after` to read on; absent on the last page. */
      next?: string;
    };
    JobWithRequests: {
      id: string;
      user: components['schemas']["User"];
      question?: components['schemas']["Question"];
      state: "live" | "expired" | "revoked";
      composition: components['schemas']["Composition"];
      /** How often it was composed, from 1 on. */
      revision: number;
      /** Milliseconds since 1970-01-01T00:00Z. */
      createdAt: number;
      /** Milliseconds since 1970-01-01T00:00Z. */
      expiresAt: number;
      ended?: {
        /** Milliseconds since 1970-01-01T00:00Z. */
        at: number;
        because: string;
      };
      /** Requests that have not ended. */
      openQuestions: (string)[];
      questionsAsked: number;
      history: ({
        sequence: number;
        /** Milliseconds since 1970-01-01T00:00Z. */
        at: number;
        type: "created" | "asked" | "answered" | "failed" | "recomposed" | "expired" | "revoked";
        cause: string;
        question?: string;
      })[];
      /** Ids of its requests, newest first. */
      requests: (string)[];
    };
    LogLine: {
      /** Grows by 1 with each line of the service. */
      sequence: number;
      /** ISO 8601, UTC. */
      time: string;
      service: string;
      instance: string;
      stream: "stdout" | "stderr";
      text: string;
    };
    LogLineList: {
      items: (components['schemas']["LogLine"])[];
    };
    PartyList: {
      items: (components['schemas']["PartyWithAgent"])[];
    };
    PartyWithAgent: {
      id: string;
      /** The name that people read. */
      name: string;
      /** What the party is; it may be several things. */
      roles: ("dataProvider" | "computeProvider" | "requester")[];
      description?: string;
      /** The thumbprint of its key, as `starling agent status` shows it there: rows go to and come from whoever has this key. Default: the key that the gateway names first. */
      key?: string;
      /** Absent for a party without an agent. */
      agent?: {
        party: string;
        online: boolean;
        /** Since when; not before the gateway was started. */
        since?: string;
        dataSets: ({
          name: string;
          state: "importing" | "ready" | "failed";
          imported?: {
            dataSet: string;
            /** Stands for the declaration and the content of every source. */
            fingerprint: string;
            tables: {
              [name: string]: {
                rows: number;
                columns: ({
                  name: string;
                  type: string;
                })[];
                rejected: number;
                rejects: ({
                  line: number;
                  reason: string;
                })[];
                bytes: number;
                ms: number;
              };
            };
            ms: number;
            importedAt: string;
            reused: boolean;
          };
          error?: components['schemas']["Error"];
        })[];
        /** The processes that compute: how many wait, work and may be. */
        runs?: {
          warm: number;
          working: number;
          waiting: number;
          max: number;
          queue: number;
          finished: number;
          refused: number;
          residentBytes: number;
        };
        /** What is weaker on its machine than it should be; for its stewards and operators. */
        weaknesses?: (string)[];
        /** Of the agreement in force at the agent. */
        agreementVersion?: number;
        /** Names in its agreement that are not configured here, and so allow nothing; for its stewards and operators. */
        unknownInAgreement?: (string)[];
      };
    };
    /** A problem document (RFC 9457). Further members depend on the code. */
    Problem: {
      /** A reference to what the code means. */
      type: string;
      /** What the code means, in a line. */
      title: string;
      /** The HTTP status. */
      status: number;
      /** One of a closed, stable set: branch on it. */
      code: "configuration-invalid" | "input-invalid" | "input-too-large" | "media-type-unsupported" | "protocol-unsupported" | "range-invalid" | "format-unavailable" | "unknown-party" | "unknown-data-set" | "unknown-request-type" | "unknown-archetype" | "unknown-step" | "unknown-option" | "composition-invalid" | "statement-invalid" | "request-refused" | "no-common-archetype" | "statement-refused" | "order-refused" | "host-refused" | "token-missing" | "token-invalid" | "clock-skewed" | "issuer-unreachable" | "role-missing" | "rate-limited" | "signature-invalid" | "enrolment-refused" | "release-refused" | "ground-lost" | "audit-broken" | "certificate-invalid" | "backup-invalid" | "storage-version" | "not-yours" | "not-found" | "method-not-allowed" | "revision-conflict" | "configuration-differs" | "job-ended" | "result-gone" | "result-not-ready" | "name-taken" | "host-in-use" | "lease-lapsed" | "task-ended" | "history-compacted" | "provider-unavailable" | "data-set-unavailable" | "queue-full" | "pool-exhausted" | "run-failed" | "run-died" | "step-failed" | "worker-lost" | "time-limit" | "memory-limit" | "result-too-large" | "no-fit" | "request-cancelled" | "storage-full" | "storage-failed" | "storage-unavailable" | "storage-refused" | "storage-replaced" | "blob-damaged" | "folder-in-use" | "port-in-use" | "gateway-unreachable" | "shutting-down" | "internal";
      /** What happened, to what, and what to do; for people. */
      detail: string;
      /** The path that was asked for. */
      instance: string;
      /** The request that ended this way: it can be explained. */
      request?: string;
      /** Every fault in what was sent. */
      errors?: ({
        /** Where, as a JSON pointer. */
        pointer: string;
        message: string;
        /** What the pointer goes into, if not the body. */
        in?: "path" | "query" | "header";
      })[];
      [name: string]: unknown;
    };
    Question: {
      user: components['schemas']["User"];
      requestType: string;
      dataSet: string;
      dataProviders: (string)[];
      query: string;
      /** Whether the requester wrote the query; else it is the data set’s own. */
      queryGiven: boolean;
      /** Set where a `JOIN` without a condition is a cross join, as for clients of DYNAMOS. */
      crossJoinWithoutOn?: true;
      algorithm?: {
        name: "average" | "count" | "sum" | "variance" | "histogram" | "quantiles" | "min" | "max" | "covariance" | "correlation" | "linearRegression" | "logisticRegression";
        column?: string;
        columns?: (string)[];
        outcome?: {
          column: string;
          equals?: string | number | boolean;
        };
        predictors?: (string)[];
        quantiles?: (number)[];
        groupBy: (string)[];
        total: boolean;
        bins?: {
          /** The width of one bin, in the unit of the column. */
          width: number;
          /** Where a bin starts. Default: 0. */
          origin?: number;
        };
      };
      options: (string)[];
      archetype?: string;
      computeProvider?: string;
      mixedArchetypes?: true;
      allowPartial?: true;
      limits: {
        timeSeconds?: number;
      };
      form: "aggregates" | "rows";
    };
    Queue: {
      name: string;
      /** May be taken now. */
      ready: number;
      /** Wait for their time. */
      delayed: number;
      /** Are worked on. */
      leased: number;
      /** Are not delivered any more. */
      dead: number;
      capacity: number;
      /** How much of the capacity is taken, from 0 to 1. */
      fill: number;
      /** Milliseconds since the oldest message that is not done was published. */
      oldestAgeMs: number;
      /** Messages per second that were published, over the last ten seconds. */
      inRate: number;
      /** Messages per second that were done. */
      outRate: number;
      /** Deliveries that were not the first, since the start. */
      redelivered: number;
      paused: boolean;
    };
    QueueList: {
      items: (components['schemas']["Queue"])[];
    };
    Redemption: {
      party: string;
      /** The secret of its one-time token. */
      secret: string;
      /** Its key, which the gateway pins. */
      publicKey: {
        kty: "OKP";
        crv: "Ed25519";
        x: string;
        kid: string;
      };
      /** Signed with the key: that the agent holds it. */
      proof: string;
    };
    RemovedUser: {
      user: string;
      cause: string;
      /** ISO 8601, UTC. */
      at: string;
      /** Who removed the user; absent in open mode. */
      by?: string;
    };
    RemovedUserList: {
      items: (components['schemas']["RemovedUser"])[];
    };
    Request: {
      id: string;
      /** The job that it made or follows up; none where it was refused. */
      job?: string;
      state: "running" | "answered" | "refused" | "failed" | "cancelled";
      user: components['schemas']["User"];
      /** ISO 8601, UTC. */
      askedAt: string;
      /** ISO 8601, UTC. */
      endedAt?: string;
      tookMs?: number;
      /** Absent where providers answer under different ones. */
      archetype?: string;
      /** Present where a result lacks providers that failed; each result names those it lacks. */
      partial?: true;
      /** One merged result, or one of each provider. */
      results: (components['schemas']["Result"])[];
      refused: ({
        provider: string;
        reasons: ({
          /** Which rule of the agreement: branch on it. */
          code: string;
          message: string;
        })[];
      })[];
      /** Providers that allow it, and whose agents are offline. */
      absent: (string)[];
      /** Until when the answer is kept. */
      keptUntil?: string;
      /** When the answer was erased before that. */
      erasedAt?: string;
      /** Why it was refused or failed as a whole. */
      error?: components['schemas']["Error"];
      links: {
        self: string;
        result: string;
        explanation: string;
        events: string;
        job?: string;
      };
    };
    RequestBody: {
      /** The person who asks. */
      user?: {
        /** Who asks, as agreements name them. */
        id: string;
        /** The name that people read. */
        name?: string;
      };
      /** The kind of request. Default: sqlDataRequest. */
      requestType?: string;
      /** The data set. Default: the only one there is, or the only one all the providers offer. */
      dataSet?: string;
      /** The providers to ask. Default: all that offer the data set. */
      dataProviders?: (string)[];
      /** SQL over the tables of the data set. Default: the columns that the algorithm needs. */
      query?: string;
      /** What to compute. Without it, and with a query, the request asks for rows. */
      algorithm?: {
        /** What to compute. */
        name: "average" | "count" | "sum" | "variance" | "histogram" | "quantiles" | "min" | "max" | "covariance" | "correlation" | "linearRegression" | "logisticRegression";
        /** The declared measure to compute over. Default: that of the data set. A count needs none. */
        column?: string;
        /** The declared measures of a covariance or correlation. */
        columns?: (string)[];
        /** What a regression explains: a measure, or whether a group has one value. */
        outcome?: string | {
          column: string;
          /** The value that counts as 1; all others count as 0. */
          equals?: string | number | boolean;
        };
        /** The measures that a regression explains its outcome by. */
        predictors?: (string)[];
        /** The quantiles to compute. Default: the quartiles. */
        quantiles?: (number)[];
        /** Declared groups to divide the answer by; [] for none. Default: those of the data set. */
        groupBy?: (string)[];
        /** Whether to add the figure over all groups. Default: false. */
        total?: boolean;
        /** The bins of a histogram. Default: those of the data set. */
        bins?: {
          /** The width of one bin, in the unit of the column. */
          width: number;
          /** Where a bin starts. Default: 0. */
          origin?: number;
        };
      };
      /** Optional steps to have, by the option that each step declares. */
      options?: {
        [name: string]: boolean;
      };
      /** The archetype to use. Default: the one of highest weight that all agreements allow. */
      archetype?: string;
      /** The third party to compute at. Default: the first by name that all agreements allow. */
      computeProvider?: string;
      /** Whether providers without an archetype in common may answer under different ones. Default: false. */
      mixedArchetypes?: boolean;
      /** Whether one answer of several providers may go without those that fail. Default: false. */
      allowPartial?: boolean;
      /** Limits of the request itself; the stricter of these and the agreement counts. */
      limits?: {
        /** Seconds for one run. */
        timeSeconds?: number;
      };
    };
    RequestEvent: {
      /** Counts from 1; it is the id of the event. Without gaps, unless the gateway was stopped before the end. */
      sequence: number;
      /** Milliseconds since 1970-01-01T00:00Z. */
      at: number;
      type: "received" | "approved" | "refused" | "placed" | "run-started" | "run-progress" | "run-done" | "run-failed" | "answered" | "failed" | "cancelled";
      party?: string;
      message: string;
    };
    RequestPage: {
      items: (components['schemas']["Request"])[];
      /** Pass it as `after` to read on; absent on the last page. */
      next?: string;
    };
    RequestType: {
      title: string;
      description?: string;
      required: (string)[];
      optional: (string)[];
    };
    RequestTypeList: {
      items: (components['schemas']["StoredRequestType"])[];
    };
    Result: {
      /** The providers whose data are in it. */
      providers: (string)[];
      /** The party that computed it. */
      computedAt: string;
      /** The archetype under which it came about. */
      archetype?: string;
      /** The answer is partial: these providers failed, and the request allows to go without them. */
      absent?: ({
        provider: string;
        error: components['schemas']["Error"];
      })[];
      columns?: (string)[];
      /** Figures; or the number of released rows, which come with the answer itself. */
      rows?: ({
        [name: string]: string | number | boolean | null;
      })[] | number;
      withheld?: {
        /** Groups of too few persons, which are held back. */
        groups: number;
        /** Whether the total is held back as well, as it would give a group away. */
        total: boolean;
        minimumGroupSize: number;
      };
      /** Figures by the names that the data set declares, such as avg_salary_scale_men. */
      named?: {
        [name: string]: string | number | boolean | null;
      };
      /** A Vega-Lite specification of the figures, where the request asked for one. */
      graph?: {
        [name: string]: unknown;
      };
      /** Why there is no answer of these providers. */
      error?: components['schemas']["Error"];
      /** Where this result is alone. */
      link?: string;
    };
    ResumableUpload: {
      id: string;
      name: string;
      batch: string;
      filter: {
        name: string;
        parameters: {
          [name: string]: number | string | boolean;
        };
      };
      mediaType: string;
      size: number;
      /** What all bytes together are to have, hexadecimal. */
      sha256?: string;
      /** How many bytes are there. */
      offset: number;
      user?: string;
      /** What its sender said of it. */
      metadata: {
        [name: string]: string | null;
      };
      /** Milliseconds since 1970-01-01T00:00Z. */
      expiresAt: number;
    };
    ResumableUploadPage: {
      items: (components['schemas']["ResumableUpload"])[];
      /** Pass it as `after` to read on; absent on the last page. */
      next?: string;
    };
    RetriedTasks: {
      tasks: (string)[];
    };
    Service: {
      name: string;
      description?: string;
      /** Who declared it: `configuration`, or a system. */
      source: string;
      /** The program and its arguments; one of Starling’s own by its name alone. */
      command: (string)[];
      replicas: {
        desired: number;
        min: number;
        max: number;
      };
      /** Why so many are wanted, or why it was restarted. */
      because: string;
      /** ISO 8601, UTC. */
      changedAt: string;
      /** Grows with each restart and each change of the declaration. */
      generation: number;
      instances: (components['schemas']["Instance"])[];
      /** Slots that no host has a place for, and why. */
      waiting?: ({
        slot: number;
        because: string;
      })[];
    };
    ServiceList: {
      items: (components['schemas']["Service"])[];
    };
    Status: {
      version: string;
      /** Whether it believes whom a body names, or tokens. */
      access: "open" | "signed-in";
      /** Where others reach it. */
      url: string;
      /** When the certificate ends; absent without TLS. */
      certificate?: {
        /** ISO 8601, UTC. */
        expiresAt: string;
        daysLeft: number;
      };
      /** ISO 8601, UTC. */
      startedAt: string;
      uptimeSeconds: number;
      /** The folder that everything is stored in. */
      storage?: string;
      /** What things are stored in. */
      engines?: ({
        use: "state" | "queue" | "blobs";
        engine: "embedded" | "etcd" | "nats" | "s3";
        /** Where it is, for people. */
        at: string;
        /** When what it acknowledged is safe. */
        durability?: string;
        /** The newest revision of the state. */
        revision?: number;
        /** How many keys the state has. */
        keys?: number;
        /** Of the engine. */
        version?: string;
        /** The engine's own id of its cluster. */
        cluster?: string;
        /** Which store it is; another one is not taken for it. */
        identity?: string;
        databaseBytes?: number;
        /** What its operator must look at. */
        alarms?: (string)[];
        members?: ({
          address: string;
          isReachable: boolean;
          name?: string;
          isLeader?: boolean;
          /** Entries of the log that it has yet to apply. */
          behind?: number;
        })[];
        /** Why it does not answer. */
        problem?: string;
      })[];
      /** The gateways of the consortium that are there. */
      gateways?: ({
        id: string;
        /** Where others reach this very one. */
        url: string;
        version: string;
        /** ISO 8601, UTC. */
        startedAt: string;
        /** Whether it is the one that answers. */
        isThis: boolean;
        /** Parties whose agents are connected to it. */
        agents?: (string)[];
      })[];
      memory: {
        /** Of this process, without its runs. */
        residentBytes: number;
      };
      parties: ({
        id: string;
        name: string;
        /** Whether its agent is there; absent where it has none. */
        online?: boolean;
        /** Since when; not before the gateway was started. */
        since?: string;
        /** By how much its agent's clock was ahead when it last connected. */
        clockDifferenceMs?: number;
        /** Of the agreement in force at its agent. */
        agreementVersion?: number;
        /** Names in its agreement that are not configured here, and so allow nothing. */
        unknownInAgreement?: (string)[];
      })[];
      requests: {
        running: number;
      };
      jobs: {
        live: number;
      };
      /** What is to be looked after before it fails. */
      warnings: ({
        /** What it becomes if nothing is done: branch on it. */
        code: "clock-skewed" | "provider-unavailable";
        party: string;
        message: string;
      })[];
      /** The newest revision of the configuration. */
      revision: number;
    };
    Step: {
      title: string;
      description?: string;
      role: "dataProvider" | "computeProvider";
      /** The steps that may come directly after this one. */
      outputs: (string)[];
      /** The option of a request that asks for the step. */
      option?: string;
      /** It makes one table of the rows of several providers. Default: false. */
      unites?: boolean;
      /** It has an exact partial form and merge. Default: false. */
      mergeable?: boolean;
      takes: "source" | "rows" | "aggregates";
      gives: "rows" | "aggregates";
      builtIn: true;
    } | {
      title: string;
      description?: string;
      role: "dataProvider" | "computeProvider";
      /** The steps that may come directly after this one. */
      outputs: (string)[];
      /** The option of a request that asks for the step. */
      option?: string;
      /** The steps that it may come directly after, as if they named it under outputs. */
      after: (string)[];
      takes: "rows";
      gives: "rows" | "aggregates";
      endpoint: {
        /** Where rows are posted to. http:// only on this machine. */
        url: string;
        /** Whether the token in step-tokens/<step> of the agent’s folder is sent along. Default: false. */
        sendToken?: boolean;
      } | {
        atAgent: true;
      };
      /** The columns that the step reads; it gets those besides what the chain needs. */
      input: {
        [name: string]: "boolean" | "integer" | "number" | "date" | "text";
      };
      /** The columns that it changes or adds, as they come back. */
      output: {
        [name: string]: "boolean" | "integer" | "number" | "date" | "text";
      };
      /** Told to the step with every call. */
      parameters?: {
        [name: string]: string | number | boolean;
      };
      limits?: {
        /** Seconds from the first byte sent to the last one read. Default: 60. */
        deadlineSeconds?: number;
        /** Default: 1000. */
        requestMegabytes?: number;
        /** Default: 1000. */
        responseMegabytes?: number;
        /** Rows that may come back. Default: 10 000 000. */
        rows?: number;
      };
    };
    StepList: {
      items: (components['schemas']["StoredStep"])[];
    };
    StoredAgreement: {
      name: string;
      /** Counts up with every change; the ETag is this in quotes. */
      revision: number;
      /** Who wrote it last: the configuration file, the API, or the agent of an agreement. */
      source: "file" | "api" | "agent";
      /** ISO 8601, UTC. */
      changedAt: string;
      value: components['schemas']["Agreement"];
    };
    StoredArchetype: {
      name: string;
      /** Counts up with every change; the ETag is this in quotes. */
      revision: number;
      /** Who wrote it last: the configuration file, the API, or the agent of an agreement. */
      source: "file" | "api" | "agent";
      /** ISO 8601, UTC. */
      changedAt: string;
      value: components['schemas']["Archetype"];
    };
    StoredRequestType: {
      name: string;
      /** Counts up with every change; the ETag is this in quotes. */
      revision: number;
      /** Who wrote it last: the configuration file, the API, or the agent of an agreement. */
      source: "file" | "api" | "agent";
      /** ISO 8601, UTC. */
      changedAt: string;
      value: components['schemas']["RequestType"];
    };
    StoredStep: {
      name: string;
      /** Counts up with every change; the ETag is this in quotes. */
      revision: number;
      /** Who wrote it last: the configuration file, the API, or the agent of an agreement. */
      source: "file" | "api" | "agent";
      /** ISO 8601, UTC. */
      changedAt: string;
      value: components['schemas']["Step"];
    };
    TakenTasks: {
      tasks: ({
        id: string;
        name: string;
        filter: {
          name: string;
          parameters: {
            [name: string]: number | string | boolean;
          };
        };
        /** To be given with everything that is said of the task. */
        lease: string;
        /** How long the worker may be silent. */
        leaseSeconds: number;
        /** Which attempt this is: an earlier one failed, or its worker died. */
        attempt: number;
        original: {
          bytes: number;
          mediaType: string;
        };
      })[];
    };
    Task: {
      id: string;
      /** The file's name, as it was uploaded. */
      name: string;
      /** The upload that it came with. */
      batch: string;
      filter: {
        name: string;
        parameters: {
          [name: string]: number | string | boolean;
        };
      };
      /** `uploading`, then `queued`, `leased` by a worker, and `done`, `failed` or `cancelled`. */
      state: "uploading" | "queued" | "leased" | "done" | "failed" | "cancelled";
      /** Who uploaded it; absent in open mode. */
      user?: string;
      /** Milliseconds since 1970-01-01T00:00Z. */
      createdAt: number;
      original?: {
        /** SHA-256 of the bytes, in hexadecimal digits. */
        hash: string;
        bytes: number;
        /** What its sender said that it is. */
        mediaType: string;
      };
      result?: {
        /** SHA-256 of the bytes, in hexadecimal digits. */
        hash: string;
        bytes: number;
        /** What its sender said that it is. */
        mediaType: string;
      };
      /** From 1 on, one more with each retry. */
      round: number;
      /** How often a worker took it in this round. */
      attempts: number;
      /** Who works on it, and until when if nothing is heard. */
      worker?: {
        name: string;
        /** Milliseconds since 1970-01-01T00:00Z. */
        until: number;
      };
      /** Why it failed; of the last attempt while it is queued again. */
      error?: components['schemas']["Error"];
      /** The latest changes, oldest first. Lists leave it out. */
      history?: ({
        /** Milliseconds since 1970-01-01T00:00Z. */
        at: number;
        /** `uploading`, then `queued`, `leased` by a worker, and `done`, `failed` or `cancelled`. */
        state: "uploading" | "queued" | "leased" | "done" | "failed" | "cancelled";
        cause: string;
      })[];
    };
    TaskPage: {
      items: (components['schemas']["Task"])[];
      /** Pass it as `after` to read on; absent on the last page. */
      next?: string;
    };
    TaskProgress: {
      counts: {
        uploading: number;
        queued: number;
        leased: number;
        done: number;
        failed: number;
        cancelled: number;
      };
      total: number;
      /** Tasks that came to their end. */
      ended: number;
      /** Tasks per second that came to their end, over the last half minute. */
      rate: number;
      /** Until all have, at that rate; absent where nothing moves. */
      secondsLeft?: number;
    };
    Upload: {
      batch: string;
      files: ({
        name: string;
        /** Its task; absent where it was not taken. */
        task?: string;
        /** Whether the same file was in the batch before: `task` is that. */
        duplicate?: boolean;
        /** Why it was not taken. */
        error?: components['schemas']["Error"];
      })[];
      /** Why the rest of the request was not read. */
      error?: components['schemas']["Error"];
    };
    User: {
      id: string;
      name?: string;
    };
  };
}
