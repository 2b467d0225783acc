// @ts-check
'use strict';
// Roles, ClusterRoles and their bindings, as the API server decides over them.

const rolesKind = (plural, namespaced) => ({ group: 'rbac.authorization.k8s.io', version: 'v1', plural, namespaced });
const ROLES = rolesKind('roles', true);
const CLUSTER_ROLES = rolesKind('clusterroles', false);
const ROLE_BINDINGS = rolesKind('rolebindings', true);
const CLUSTER_ROLE_BINDINGS = rolesKind('clusterrolebindings', false);

const matches = (list, value) => (list ?? []).some(it => it === '*' || it === value);

function binds(binding, user) {
  return (binding.subjects ?? []).some(
    ({ kind, name, namespace }) =>
      (kind === 'User' && name === user.name) ||
      (kind === 'Group' && user.groups.includes(name)) ||
      (kind === 'ServiceAccount' && user.name === `system:serviceaccount:${namespace}:${name}`),
  );
}

function allows(rule, { verb, kind, name }) {
  const resource = kind.subresource ? `${kind.plural}/${kind.subresource}` : kind.plural;
  return (
    matches(rule.verbs, verb) &&
    matches(rule.apiGroups, kind.group) &&
    matches(rule.resources, resource) &&
    (!rule.resourceNames?.length || (name !== undefined && rule.resourceNames.includes(name)))
  );
}

/** The role itself, or those that it aggregates. */
const partsOf = (store, role) =>
  !role?.aggregationRule
    ? [role].filter(Boolean)
    : store
        .list(CLUSTER_ROLES)
        .filter(it =>
          role.aggregationRule.clusterRoleSelectors.some(({ matchLabels }) =>
            Object.entries(matchLabels).every(([label, value]) => it.metadata.labels?.[label] === value),
          ),
        );

/** Which rule allows a request; undefined = none. */
function permit(store, user, request) {
  if (user.groups.includes('system:masters')) return 'system:masters';
  const found = (bindings, roleOf) => {
    for (const binding of bindings.filter(it => binds(it, user))) {
      for (const role of partsOf(store, roleOf(binding))) {
        const at = (role.rules ?? []).findIndex(rule => allows(rule, request));
        if (at >= 0) return `${role.metadata.namespace ? 'Role ' : 'ClusterRole '}${role.metadata.name} rules[${at}]`;
      }
    }
    return undefined;
  };
  const clusterRole = binding => store.get(CLUSTER_ROLES, '', binding.roleRef.name);
  return (
    found(store.list(CLUSTER_ROLE_BINDINGS), clusterRole) ??
    (request.namespace
      ? found(store.list(ROLE_BINDINGS, request.namespace), binding =>
          binding.roleRef.kind === 'ClusterRole' ? clusterRole(binding) : store.get(ROLES, request.namespace, binding.roleRef.name),
        )
      : undefined)
  );
}

module.exports = { permit, partsOf, CLUSTER_ROLES };
