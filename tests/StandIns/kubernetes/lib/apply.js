// @ts-check
'use strict';
// Server-side apply: who set what stands in metadata.managedFields (FieldsV1).
const errors = require('./errors');
const { isObject } = require('./patch');
const { sorted } = require('./store');

/** The key fields of a list that is a map; undefined = it is owned as a whole. */
function keysOf(schema, name) {
  if (schema?.['x-kubernetes-list-type'] === 'map') return schema['x-kubernetes-list-map-keys'];
  if (schema?.['x-kubernetes-list-type'] === 'set') return [];
  // Built-in kinds have no schema here; the lists that controllers share are known by name.
  if (!schema && name === 'conditions') return ['type'];
  if (!schema && name === 'containers') return ['name'];
  if (!schema && name === 'finalizers') return [];
  return undefined;
}

const itemKey = (item, keys) => (keys.length ? `k:${JSON.stringify(Object.fromEntries(keys.map(key => [key, item[key]])))}` : `v:${JSON.stringify(item)}`);

/** Object -> FieldsV1. */
function fieldsOf(value, schema, name) {
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [`f:${key}`, fieldsOf(item, childOf(schema, key), key)]));
  const keys = Array.isArray(value) ? keysOf(schema, name) : undefined;
  if (!keys) return {};
  return Object.fromEntries(value.map(item => [itemKey(item, keys), { '.': {}, ...(isObject(item) ? fieldsOf(item, schema?.items) : {}) }]));
}

function childOf(schema, key) {
  return schema?.properties?.[key] ?? (isObject(schema?.additionalProperties) ? schema.additionalProperties : undefined);
}

/** What of an object a manager may own: no identity, no times. */
function owned(object, subresource) {
  if (subresource) return { [subresource]: object[subresource] };
  const { apiVersion, kind, metadata, status, ...rest } = object;
  const { labels, annotations, finalizers, ownerReferences } = metadata ?? {};
  const meta = Object.fromEntries(Object.entries({ labels, annotations, finalizers, ownerReferences }).filter(([, value]) => value !== undefined));
  return { ...(Object.keys(meta).length && { metadata: meta }), ...rest };
}

function* leaves(fields, path = []) {
  const entries = Object.entries(fields).filter(([key]) => key !== '.');
  if (entries.length === 0) yield path;
  for (const [key, value] of entries) yield* leaves(value, [...path, key]);
}

function at(object, path) {
  let value = object;
  for (const step of path) {
    if (value === undefined || value === null) return undefined;
    if (step.startsWith('f:')) value = value[step.slice(2)];
    else if (!Array.isArray(value)) return undefined;
    else if (step.startsWith('k:')) {
      const key = JSON.parse(step.slice(2));
      value = value.find(item => Object.entries(key).every(([name, it]) => item?.[name] === it));
    } else value = value.find(item => JSON.stringify(item) === step.slice(2));
  }
  return value;
}

function removeAt(object, path) {
  const parent = at(object, path.slice(0, -1));
  const step = path.at(-1);
  if (parent === undefined || parent === null) return;
  if (step.startsWith('f:')) delete parent[step.slice(2)];
  else if (Array.isArray(parent)) {
    const item = at(object, path);
    const index = parent.indexOf(item);
    if (index >= 0) parent.splice(index, 1);
  }
}

/** Removes what is empty after its last field has gone, from the leaf upwards. */
function prune(object, path) {
  if (!isKeyField(path)) removeAt(object, path);
  for (let up = path.slice(0, -1); up.length > 0; up = up.slice(0, -1)) {
    const value = at(object, up);
    const keyed = up.at(-1).startsWith('k:') && isObject(value) && Object.keys(value).every(key => key in JSON.parse(up.at(-1).slice(2)));
    if (keyed || (isObject(value) && Object.keys(value).length === 0) || (Array.isArray(value) && value.length === 0)) removeAt(object, up);
    else return;
  }
}

/** The fields that tell an item of a list from the others go with the item, not before it. */
function isKeyField(path) {
  const item = path.at(-2);
  return item?.startsWith('k:') && path.at(-1).slice(2) in JSON.parse(item.slice(2));
}

function mergeApplied(live, applied, schema, name) {
  if (isObject(applied)) {
    const result = isObject(live) ? { ...live } : {};
    for (const [key, value] of Object.entries(applied)) result[key] = mergeApplied(result[key], value, childOf(schema, key), key);
    return result;
  }
  const keys = Array.isArray(applied) && Array.isArray(live) ? keysOf(schema, name) : undefined;
  if (!keys) return applied;
  const byKey = list => new Map(list.map(item => [itemKey(item, keys), item]));
  const [stored, wanted] = [byKey(live), byKey(applied)];
  return orderOf([...stored.keys()], [...wanted.keys()]).map(key => {
    if (!wanted.has(key)) return stored.get(key);
    return stored.has(key) ? mergeApplied(stored.get(key), wanted.get(key), schema?.items) : wanted.get(key);
  });
}

/**
 * The order of a list of which a part is applied, as structured-merge-diff has it since v4.2.0 (typed/merge.go, visitListItems): the applied items come in
 * the order of what is applied. An item of another manager stays behind those live items that it follows, as far as that order lets it.
 * @param {string[]} live the keys of the stored items @param {string[]} applied those of the applied ones
 */
function orderOf(live, applied) {
  const [isLive, isApplied] = [new Set(live), new Set(applied)];
  const shared = applied.filter(key => isLive.has(key));
  /** @type {string[]} */
  const result = [];
  const placed = new Set();
  let next = 0;
  for (const key of applied) {
    for (; next < live.length && live[next] !== key; next++) {
      const other = live[next];
      if (!isApplied.has(other)) result.push(other);
      else if (shared.length === 0 || shared[0] === other) break; // the place of this one is already past, or is still to come
    }
    if (next < live.length && (live[next] === key || placed.has(live[next]))) next++;
    result.push(key);
    placed.add(key);
    if (shared[0] === key) shared.shift();
  }
  return [...result, ...live.slice(next).filter(key => !isApplied.has(key))];
}

/** The object after the apply; throws a conflict where another manager owns a field with another value, unless forced. */
function apply(kind, live, applied, { manager, force, subresource }) {
  const before = live ?? { apiVersion: applied.apiVersion, kind: applied.kind, metadata: { name: applied.metadata.name } };
  const managed = before.metadata.managedFields ?? [];
  const mine = managed.find(it => it.manager === manager && it.operation === 'Apply' && (it.subresource ?? '') === (subresource ?? ''));
  const wanted = owned(applied, subresource);
  const fields = fieldsOf(wanted, kind.schema);
  const paths = [...leaves(fields)];
  const text = path => path.join('\n');
  const now = new Set(paths.map(text));

  const causes = [];
  const others = managed.filter(it => it !== mine);
  for (const other of others)
    for (const path of leaves(other.fieldsV1 ?? {}))
      if (now.has(text(path)) && JSON.stringify(sorted(at(before, path))) !== JSON.stringify(sorted(at(wanted, path))))
        causes.push({ manager: other.manager, path });
  if (causes.length && !force) {
    const dotted = path => path.map(step => (step.startsWith('f:') ? `.${step.slice(2)}` : `[${step.slice(2)}]`)).join('');
    const error = errors.conflict(kind, before.metadata.name, '');
    error.message =
      `Apply failed with ${causes.length} conflict${causes.length === 1 ? '' : 's'}: ` +
      causes.map(it => `conflict with "${it.manager}": ${dotted(it.path)}`).join('; ');
    error.details = { causes: causes.map(it => ({ reason: 'FieldManagerConflict', message: `conflict with "${it.manager}"`, field: dotted(it.path) })) };
    throw error;
  }

  let result = mergeApplied(structuredClone(before), structuredClone(wanted), kind.schema);
  const kept = new Set(others.flatMap(other => [...leaves(other.fieldsV1 ?? {})].map(text)));
  for (const path of leaves(mine?.fieldsV1 ?? {})) if (!now.has(text(path)) && !kept.has(text(path)) && path.length) prune(result, path);
  const taken = new Set(causes.map(it => text(it.path)));
  result.metadata.managedFields = [
    ...others
      .map(other => (taken.size ? { ...other, fieldsV1: without(other.fieldsV1, taken) } : other))
      .filter(other => Object.keys(other.fieldsV1 ?? {}).length),
    entry(applied.apiVersion, manager, 'Apply', subresource, fields),
  ];
  if (applied.metadata.uid) result.metadata.uid = applied.metadata.uid;
  if (applied.metadata.resourceVersion) result.metadata.resourceVersion = applied.metadata.resourceVersion;
  else delete result.metadata.resourceVersion;
  return result;
}

function without(fields, taken, path = []) {
  const result = {};
  for (const [key, value] of Object.entries(fields ?? {})) {
    const here = [...path, key];
    if (taken.has(here.join('\n'))) continue;
    const rest = without(value, taken, here);
    if (Object.keys(value).length === 0 || Object.keys(rest).length > 0) result[key] = rest;
  }
  return result;
}

/** A create, replace or patch: the manager owns what it changed, and takes it from the others. */
function update(kind, before, after, { manager, subresource }) {
  const changed = {};
  const fields = fieldsOf(owned(after, subresource), kind.schema);
  for (const path of leaves(fields)) {
    if (path.length === 0 || (before && JSON.stringify(sorted(at(before, path))) === JSON.stringify(sorted(at(after, path))))) continue;
    let node = changed;
    for (const step of path) node = node[step] ??= step.startsWith('k:') || step.startsWith('v:') ? { '.': {} } : {};
  }
  const managed = before?.metadata.managedFields ?? [];
  if (Object.keys(changed).length === 0) return managed;
  const taken = new Set([...leaves(changed)].map(path => path.join('\n')));
  const same = it => it.manager === manager && it.operation === 'Update' && (it.subresource ?? '') === (subresource ?? '');
  const others = managed
    .filter(it => !same(it))
    .map(other => ({ ...other, fieldsV1: without(other.fieldsV1, taken) }))
    .filter(other => Object.keys(other.fieldsV1).length);
  return [...others, entry(after.apiVersion, manager, 'Update', subresource, deepMerge(managed.find(same)?.fieldsV1 ?? {}, changed))];
}

function deepMerge(a, b) {
  const result = { ...a };
  for (const [key, value] of Object.entries(b)) result[key] = deepMerge(result[key] ?? {}, value);
  return result;
}

function entry(apiVersion, manager, operation, subresource, fieldsV1) {
  return {
    manager,
    operation,
    apiVersion,
    time: new Date().toISOString().replace(/\.\d+/, ''),
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(subresource && { subresource }),
  };
}

module.exports = { apply, update };
