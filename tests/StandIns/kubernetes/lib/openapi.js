// @ts-check
'use strict';
// The OpenAPI documents that kubectl asks for. Built-in kinds are open objects; custom ones carry their schema.

const nameOf = kind => `${(kind.group || 'core').split('.').reverse().join('.')}.${kind.version}.${kind.kind}`;

function definitionOf(kind) {
  return {
    ...(kind.custom ? stripped(kind.schema) : { type: 'object' }),
    'x-kubernetes-group-version-kind': [{ group: kind.group, version: kind.version, kind: kind.kind }],
  };
}

/** kubectl's own validation knows plain OpenAPI only. */
function stripped(schema) {
  if (Array.isArray(schema) || schema === null || typeof schema !== 'object') return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => key !== 'x-kubernetes-validations')
      .map(([key, value]) => [key, stripped(value)]),
  );
}

function v2(kinds) {
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: 'v1.32.0' },
    paths: {},
    definitions: Object.fromEntries(kinds.map(kind => [nameOf(kind), definitionOf(kind)])),
  };
}

function v3(kinds, group, version) {
  const served = kinds.filter(kind => kind.group === group && kind.version === version);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.32.0' },
    paths: Object.fromEntries(
      served.map(kind => [
        `/${group ? `apis/${group}` : 'api'}/${version}/${kind.namespaced ? 'namespaces/{namespace}/' : ''}${kind.plural}/{name}`,
        {
          patch: {
            operationId: `patch${kind.kind}`,
            responses: {},
            parameters: ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map(name => ({ name, in: 'query', schema: { type: 'string' } })),
            'x-kubernetes-action': 'patch',
            'x-kubernetes-group-version-kind': { group, version, kind: kind.kind },
          },
        },
      ]),
    ),
    components: { schemas: Object.fromEntries(served.map(kind => [nameOf(kind), definitionOf(kind)])) },
  };
}

module.exports = { v2, v3 };
