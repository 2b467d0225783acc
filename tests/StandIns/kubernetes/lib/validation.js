// @ts-check
'use strict';
// What the API server validates of every new object, and of events, beyond schemas: causes as its Status holds them.

/** @typedef {import('./errors').Cause} Cause */

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const OF_NAMES =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " + 'and must start and end with an alphanumeric character';

// kubernetes/kubernetes, pkg/apis/core/validation/events.go: the constants …LengthLimit; Go's len counts bytes.
// The note is refused by its name in v1, whatever the version of the request.
const OF_EVENTS = { reportingInstance: 128, action: 128, reason: 128, note: 1024 };

/** @returns {Cause} */
const invalid = (field, value, message) => ({ reason: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(value)}: ${message}` });

// kubernetes/apimachinery, pkg/api/validation/generic.go, maskTrailingDash: of a prefix a trailing '-' alone is forgiven.
const masked = prefix => (prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix);

/** @returns {Cause[]} */
function ofMetadata(kind, metadata) {
  if (kind.group === 'rbac.authorization.k8s.io') return []; // path segments, with ':'
  const { name, generateName } = metadata;
  return [
    ...(generateName && !NAME.test(masked(generateName)) ? [invalid('metadata.generateName', generateName, OF_NAMES)] : []),
    ...(name && !NAME.test(name) ? [invalid('metadata.name', name, OF_NAMES)] : []),
  ];
}

/**
 * An event with an eventTime may stand in any namespace; one about a cluster-scoped object only in default or kube-system. Without an eventTime, as clients
 * of v1 send it, it stands in the namespace of its object, or in default (legacyValidateEvent there; tried on kube-apiserver 1.36).
 * @returns {Cause[]}
 */
function ofEvent(kind, object) {
  if (kind.plural !== 'events') return [];
  const of = (object.regarding ?? object.involvedObject)?.namespace;
  const stands = object.metadata.namespace ?? 'default';
  const isPlaced = object.eventTime ? of || ['default', 'kube-system'].includes(stands) : stands === (of || 'default');
  const elsewhere = isPlaced ? [] : [invalid('involvedObject.namespace', of ?? '', 'does not match event.namespace')];
  if (kind.group !== 'events.k8s.io') return elsewhere;
  return [
    ...(object.eventTime ? [] : [{ reason: 'FieldValueRequired', field: 'eventTime', message: 'Required value' }]),
    ...Object.entries(OF_EVENTS)
      .filter(([field, limit]) => Buffer.byteLength(object[field] ?? '') > limit)
      .map(([field, limit]) => invalid(field === 'note' ? 'message' : field, '', `can have at most ${limit} characters`)),
    ...elsewhere,
  ];
}

module.exports = { ofMetadata, ofEvent };
