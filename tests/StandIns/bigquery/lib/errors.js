// @ts-check
'use strict';
// Google's error shape: an HTTP status, a reason (what clients decide by) and a message.

// HTTP status of a job's reason where it is answered over HTTP (jobs.query, jobs.getQueryResults):
// https://cloud.google.com/bigquery/docs/error-messages
const STATUS_OF_REASON = {
  accessDenied: 403,
  backendError: 503,
  billingNotEnabled: 403,
  bytesBilledLimitExceeded: 400,
  duplicate: 409,
  internalError: 500,
  invalid: 400,
  invalidQuery: 400,
  jobBackendError: 400,
  jobInternalError: 400,
  jobRateLimitExceeded: 400,
  notFound: 404,
  quotaExceeded: 403,
  rateLimitExceeded: 403,
  required: 400,
  resourcesExceeded: 400,
  responseTooLarge: 403,
  stopped: 400,
  tableUnavailable: 400,
  timeout: 400,
};

// google.rpc.Code by HTTP status.
const CODE_NAMES = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
};

class ApiError extends Error {
  /** @param {number} status @param {string} reason @param {string} message @param {Record<string, any>} more */
  constructor(status, reason, message, more = {}) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.more = more;
    /** What a failed job lists behind its own error. @type {{ reason: string, message: string }[]} */
    this.others = [];
  }

  /** One entry of errors[]; also what a failed job carries as errorResult. */
  get proto() {
    return { reason: this.reason, ...this.more, message: this.message };
  }

  get body() {
    const { location, ...more } = this.more;
    return {
      error: {
        code: this.status,
        message: this.message,
        errors: [{ message: this.message, domain: 'global', reason: this.reason, ...(location && { location, locationType: 'parameter' }), ...more }],
        status: CODE_NAMES[this.status] ?? 'UNKNOWN',
      },
    };
  }
}

const of = (reason, message, more) => new ApiError(STATUS_OF_REASON[reason] ?? 400, reason, message, more);

module.exports = {
  ApiError,
  of,
  invalid: message => of('invalid', message),
  invalidQuery: message => of('invalidQuery', message, { location: 'query' }),
  notFound: (kind, name, where = '') => of('notFound', `Not found: ${kind} ${name}${where}`),
  duplicate: (kind, name) => of('duplicate', `Already Exists: ${kind} ${name}`),
  required: name => of('required', `Required parameter is missing: ${name}`, { location: name }),
  unauthenticated: () =>
    new ApiError(
      401,
      'required',
      'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or ' +
        'other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
    ),
};
