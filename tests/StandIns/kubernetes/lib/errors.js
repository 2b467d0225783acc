// @ts-check
'use strict';
// Refusals as the API server words them: Status objects.

/** @typedef {{ reason: string, field: string, message: string }} Cause */

class ApiError extends Error {
  /** @param {number} code @param {string} reason @param {string} message @param {Record<string, any>} [details] */
  constructor(code, reason, message, details) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    /** Of webhooks, for the header of that name. @type {string[]} */
    this.warnings = [];
  }

  status() {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details && { details: this.details }),
      code: this.code,
    };
  }
}

const qualified = kind => (kind.group ? `${kind.plural}.${kind.group}` : kind.plural);
/** A Status's details. @param {Cause[]} [causes] */
const about = (kind, name, causes) => ({ name, group: kind.group || undefined, kind: kind.plural, ...(causes && { causes }) });

module.exports = {
  ApiError,
  badRequest: message => new ApiError(400, 'BadRequest', message),
  unauthorized: () => new ApiError(401, 'Unauthorized', 'Unauthorized'),
  forbidden: (user, verb, kind, namespace, name) =>
    new ApiError(
      403,
      'Forbidden',
      `${qualified(kind)}${name ? ` "${name}"` : ''} is forbidden: User "${user}" cannot ${verb} ` +
        `resource "${kind.plural}${kind.subresource ? `/${kind.subresource}` : ''}" in API group "${kind.group}"` +
        (kind.namespaced && namespace ? ` in the namespace "${namespace}"` : ' at the cluster scope'),
      about(kind, name),
    ),
  notServed: () => new ApiError(404, 'NotFound', 'the server could not find the requested resource'),
  notFound: (kind, name) => new ApiError(404, 'NotFound', `${qualified(kind)} "${name}" not found`, about(kind, name)),
  alreadyExists: (kind, name) => new ApiError(409, 'AlreadyExists', `${qualified(kind)} "${name}" already exists`, about(kind, name)),
  conflict: (kind, name, why = 'the object has been modified; please apply your changes to the latest version and try again') =>
    new ApiError(409, 'Conflict', `Operation cannot be fulfilled on ${qualified(kind)} "${name}": ${why}`, about(kind, name)),
  gone: version => new ApiError(410, 'Expired', `too old resource version: ${version}`),
  expired: () =>
    new ApiError(
      410,
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
    ),
  terminating: (kind, name, namespace) =>
    new ApiError(
      403,
      'Forbidden',
      `${qualified(kind)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
      about(kind, name, [{ reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' }]),
    ),
  definitionTerminating: (kind, name) =>
    new ApiError(
      403,
      'Forbidden',
      `${qualified(kind)} "${name}" is forbidden: create not allowed while custom resource definition is terminating`,
      about(kind, name),
    ),
  // Its details name the kind, where those of all others name the resource (apimachinery, pkg/api/errors, NewInvalid).
  invalid: (kind, name, causes) =>
    new ApiError(
      422,
      'Invalid',
      `${kind.kind}${kind.group ? `.${kind.group}` : ''} "${name}" is invalid: ${causes.length === 1 ? words(causes[0]) : `[${causes.map(words).join(', ')}]`}`,
      { ...about(kind, name, causes), kind: kind.kind },
    ),
  unsupported: (type, accepted) =>
    new ApiError(415, 'UnsupportedMediaType', `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`),
  methodNotAllowed: () => new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource'),
};

function words(cause) {
  return `${cause.field}: ${cause.message}`;
}
