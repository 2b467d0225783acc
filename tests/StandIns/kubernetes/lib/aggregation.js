// @ts-check
'use strict';
// The rules of aggregated ClusterRoles: a controller writes them some time after every change of a ClusterRole
// (kubernetes, pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go, syncClusterRole).
const { partsOf, CLUSTER_ROLES } = require('./rbac');
const { bucketOf } = require('./store');

class Aggregation {
  /** @param {import('./store').Store} store */
  constructor(store) {
    this.store = store;
    store.on(bucketOf(CLUSTER_ROLES), () => setImmediate(() => this.#combine()));
  }

  #combine() {
    for (const role of this.store.list(CLUSTER_ROLES).filter(it => it.aggregationRule)) {
      const parts = partsOf(this.store, role).filter(it => it !== role);
      const rules = new Map(parts.flatMap(it => it.rules ?? []).map(rule => [JSON.stringify(rule), rule]));
      const after = structuredClone(role);
      delete after.metadata.resourceVersion;
      after.rules = rules.size ? [...rules.values()] : null;
      this.store.replace(CLUSTER_ROLES, role, after);
    }
  }
}

module.exports = { Aggregation };
