// @ts-check
'use strict';
// /api, /apis, /apis/<group>, /apis/<group>/<version>, /version, /openapi.
const { v2, v3 } = require('./openapi');

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** The answer; undefined = the path is none of these. */
function discover(kinds, path) {
  const all = kinds.all();
  const groups = [...new Set(all.map(kind => kind.group))].filter(group => group);
  const versionsOf = group => [...new Set(all.filter(kind => kind.group === group).map(kind => kind.version))];
  const groupOf = group => {
    const versions = versionsOf(group).map(version => ({ groupVersion: `${group}/${version}`, version }));
    return { name: group, versions, preferredVersion: versions[0] };
  };
  const steps = path.split('/').filter(step => step);
  if (path === '/version') return { major: '1', minor: '32', gitVersion: 'v1.32.0', platform: 'linux/amd64' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupOf) };
  if (path === '/openapi/v2') return v2(all);
  if (path === '/openapi/v3')
    return {
      paths: Object.fromEntries(
        [...new Set(all.map(kind => (kind.group ? `apis/${kind.group}/${kind.version}` : `api/${kind.version}`)))].map(it => [
          it,
          { serverRelativeURL: `/openapi/v3/${it}?hash=0` },
        ]),
      ),
    };
  if (steps[0] === 'openapi' && steps[1] === 'v3') return v3(all, steps[2] === 'api' ? '' : steps[3], steps.at(-1));
  if (steps[0] === 'apis' && steps.length === 2 && groups.includes(steps[1])) return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(steps[1]) };
  const [group, version] = steps[0] === 'api' && steps.length === 2 ? ['', steps[1]] : steps[0] === 'apis' && steps.length === 3 ? [steps[1], steps[2]] : [];
  const served = all.filter(kind => kind.group === group && kind.version === version);
  if (served.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group ? `${group}/${version}` : version,
    resources: served.flatMap(kind => [
      {
        name: kind.plural,
        singularName: kind.singular,
        namespaced: kind.namespaced,
        kind: kind.kind,
        verbs: kind.terminating ? VERBS.filter(it => !['create', 'patch', 'update'].includes(it)) : VERBS, // customresource_discovery_controller.go
        shortNames: kind.shortNames,
        categories: kind.categories,
      },
      ...kind.subresources.map(it => ({
        name: `${kind.plural}/${it}`,
        singularName: '',
        namespaced: kind.namespaced,
        kind: kind.kind,
        verbs: ['get', 'patch', 'update'],
      })),
    ]),
  };
}

module.exports = { discover };
