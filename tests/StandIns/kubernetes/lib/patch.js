// @ts-check
'use strict';
// The three patches besides server-side apply.
const errors = require('./errors');

const isObject = value => value !== null && typeof value === 'object' && !Array.isArray(value);

/** RFC 7386. */
function merge(target, patch) {
  if (!isObject(patch)) return patch;
  const result = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

/** RFC 6902, the operations that kubectl sends. */
function json(target, operations) {
  const root = structuredClone(target);
  for (const { op, path, value } of operations) {
    const steps = path
      .split('/')
      .slice(1)
      .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = steps.pop();
    const parent = steps.reduce((at, step) => at?.[step], root);
    if (parent === undefined || (op !== 'add' && !(last in parent))) throw errors.badRequest(`the path ${path} does not exist`);
    if (op === 'test') {
      if (JSON.stringify(parent[last]) !== JSON.stringify(value)) throw new errors.ApiError(422, 'Invalid', `testing path ${path} failed`);
    } else if (op === 'remove') {
      if (Array.isArray(parent)) parent.splice(Number(last), 1);
      else delete parent[last];
    } else if (Array.isArray(parent) && op === 'add') parent.splice(last === '-' ? parent.length : Number(last), 0, value);
    else parent[last] = value;
  }
  return root;
}

// Lists of built-in kinds that are merged by a key of their items.
const KEYS = {
  containers: 'name',
  initContainers: 'name',
  volumes: 'name',
  env: 'name',
  ports: 'containerPort',
  volumeMounts: 'mountPath',
  conditions: 'type',
  ownerReferences: 'uid',
  webhooks: 'name',
};

/** Kubernetes' own: a merge patch that knows lists by key, with directives. */
function strategic(target, patch) {
  if (!isObject(patch)) return patch;
  if (patch.$patch === 'replace') return Object.fromEntries(Object.entries(patch).filter(([key]) => key !== '$patch'));
  const result = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete result[key];
    else if (Array.isArray(value) && KEYS[key] && value.every(isObject)) result[key] = mergeList(result[key] ?? [], value, KEYS[key]);
    else if (Array.isArray(value) && key === 'finalizers') result[key] = [...new Set([...(result[key] ?? []), ...value])];
    else result[key] = strategic(result[key], value);
  }
  for (const [key, value] of Object.entries(patch))
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const list = key.slice('$deleteFromPrimitiveList/'.length);
      result[list] = (result[list] ?? []).filter(item => !value.includes(item));
    }
  return result;
}

function mergeList(target, patch, key) {
  const result = [...target];
  for (const item of patch) {
    const at = result.findIndex(it => it[key] === item[key]);
    if (item.$patch === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (at >= 0) result[at] = strategic(result[at], item);
    else result.push(strategic({}, item));
  }
  return result;
}

module.exports = { merge, json, strategic, isObject };
