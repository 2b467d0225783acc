// @ts-check
'use strict';
// The kinds that are served: those of Kubernetes that tests need, and those of CustomResourceDefinitions.

/**
 * @typedef {object} Kind
 * @property {string} group '' = the core group
 * @property {string} version
 * @property {string} kind
 * @property {string} plural
 * @property {boolean} namespaced
 * @property {string} singular
 * @property {string[]} shortNames
 * @property {string[]} categories
 * @property {string[]} subresources those that are served
 * @property {string} [subresource] the one that a request names
 * @property {boolean} [custom] of a CustomResourceDefinition
 * @property {boolean} [terminating] which is being deleted
 * @property {any} [schema] openAPIV3Schema; a built-in kind has none
 * @property {any[]} [columns] additionalPrinterColumns
 */

/** @returns {Kind} */
const builtIn = (group, version, kind, plural, namespaced, more = {}) => ({
  group,
  version,
  kind,
  plural,
  namespaced,
  singular: kind.toLowerCase(),
  shortNames: [],
  categories: [],
  subresources: [],
  ...more,
});

const kinds = [
  builtIn('', 'v1', 'Namespace', 'namespaces', false, { shortNames: ['ns'], subresources: ['status'] }),
  builtIn('', 'v1', 'Secret', 'secrets', true),
  builtIn('', 'v1', 'ConfigMap', 'configmaps', true, { shortNames: ['cm'] }),
  builtIn('', 'v1', 'Service', 'services', true, { shortNames: ['svc'], subresources: ['status'] }),
  builtIn('', 'v1', 'ServiceAccount', 'serviceaccounts', true, { shortNames: ['sa'] }),
  builtIn('', 'v1', 'Pod', 'pods', true, { shortNames: ['po'], subresources: ['status'] }),
  builtIn('', 'v1', 'Node', 'nodes', false, { shortNames: ['no'], subresources: ['status'] }),
  builtIn('', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', true, { shortNames: ['pvc'], subresources: ['status'] }),
  builtIn('', 'v1', 'PersistentVolume', 'persistentvolumes', false, { shortNames: ['pv'], subresources: ['status'] }),
  builtIn('', 'v1', 'ReplicationController', 'replicationcontrollers', true, { shortNames: ['rc'], subresources: ['status'] }),
  builtIn('', 'v1', 'Endpoints', 'endpoints', true, { shortNames: ['ep'] }),
  builtIn('', 'v1', 'Event', 'events', true, { shortNames: ['ev'] }),
  builtIn('events.k8s.io', 'v1', 'Event', 'events', true, { shortNames: ['ev'] }),
  builtIn('coordination.k8s.io', 'v1', 'Lease', 'leases', true),
  builtIn('apps', 'v1', 'Deployment', 'deployments', true, { shortNames: ['deploy'], subresources: ['status'] }),
  builtIn('apps', 'v1', 'ReplicaSet', 'replicasets', true, { shortNames: ['rs'], subresources: ['status'] }),
  builtIn('apps', 'v1', 'StatefulSet', 'statefulsets', true, { shortNames: ['sts'], subresources: ['status'] }),
  builtIn('apps', 'v1', 'DaemonSet', 'daemonsets', true, { shortNames: ['ds'], subresources: ['status'] }),
  builtIn('batch', 'v1', 'Job', 'jobs', true, { subresources: ['status'] }),
  builtIn('batch', 'v1', 'CronJob', 'cronjobs', true, { shortNames: ['cj'], subresources: ['status'] }),
  builtIn('networking.k8s.io', 'v1', 'Ingress', 'ingresses', true, { shortNames: ['ing'], subresources: ['status'] }),
  builtIn('networking.k8s.io', 'v1', 'NetworkPolicy', 'networkpolicies', true, { shortNames: ['netpol'] }),
  builtIn('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', true, { shortNames: ['hpa'], subresources: ['status'] }),
  builtIn('storage.k8s.io', 'v1', 'StorageClass', 'storageclasses', false, { shortNames: ['sc'] }),
  builtIn('policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets', true, { shortNames: ['pdb'], subresources: ['status'] }),
  builtIn('rbac.authorization.k8s.io', 'v1', 'Role', 'roles', true),
  builtIn('rbac.authorization.k8s.io', 'v1', 'RoleBinding', 'rolebindings', true),
  builtIn('rbac.authorization.k8s.io', 'v1', 'ClusterRole', 'clusterroles', false),
  builtIn('rbac.authorization.k8s.io', 'v1', 'ClusterRoleBinding', 'clusterrolebindings', false),
  builtIn('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', 'customresourcedefinitions', false, { shortNames: ['crd'], subresources: ['status'] }),
  builtIn('admissionregistration.k8s.io', 'v1', 'ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', false),
];

const apiVersionOf = kind => (kind.group ? `${kind.group}/${kind.version}` : kind.version);

/** One kind for each served version of a CustomResourceDefinition. @returns {Kind[]} */
function ofDefinition(crd) {
  const { group, scope, names, versions } = crd.spec;
  return versions
    .filter(it => it.served)
    .map(it => ({
      group,
      version: it.name,
      kind: names.kind,
      plural: names.plural,
      namespaced: scope === 'Namespaced',
      singular: names.singular ?? names.kind.toLowerCase(),
      shortNames: names.shortNames ?? [],
      categories: names.categories ?? [],
      subresources: Object.keys(it.subresources ?? {}),
      custom: true,
      schema: it.schema?.openAPIV3Schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      columns: it.additionalPrinterColumns ?? [],
    }));
}

class Kinds {
  constructor() {
    this.byPath = new Map(kinds.map(kind => [`${kind.group}/${kind.version}/${kind.plural}`, kind]));
  }

  define(crd) {
    // One that is being deleted goes on with that, whoever applies it again.
    const terminating = Boolean(crd.metadata?.deletionTimestamp);
    for (const kind of ofDefinition(crd)) this.byPath.set(`${kind.group}/${kind.version}/${kind.plural}`, { ...kind, terminating });
  }

  undefine(crd) {
    for (const [path, kind] of this.byPath) if (kind.custom && kind.group === crd.spec.group && kind.plural === crd.spec.names.plural) this.byPath.delete(path);
  }

  find(group, version, plural) {
    return this.byPath.get(`${group}/${version}/${plural}`);
  }

  /** As an object names it. */
  described(apiVersion, kind) {
    return this.all().find(it => it.kind === kind && apiVersionOf(it) === apiVersion);
  }

  all() {
    return [...this.byPath.values()];
  }
}

module.exports = { Kinds, apiVersionOf };
