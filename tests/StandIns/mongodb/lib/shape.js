// @ts-check
'use strict';
// Changing the shape of a document: setting and removing dotted paths, and projections.
const { Type, entries, field, items, document, withFirst, array } = require('./raw');
const { evaluate, truthy } = require('./expression');
const { show } = require('./order');
const { CommandError } = require('./errors');

const Empty = document([]);

/** A copy with the path set to `value` (undefined removes it). New fields come last; documents on the way are made. */
function withPath(doc, parts, value, path = parts.join('.')) {
  const [name, ...rest] = parts;
  const pairs = entries(doc);
  const at = pairs.findIndex(([it]) => it === name);
  const old = at < 0 ? undefined : pairs[at][1];
  if (rest.length > 0) {
    if (old === undefined && value === undefined) return doc;
    if (old !== undefined && !old.isDocument && !old.isArray) {
      if (value === undefined) return doc;
      throw new CommandError(28, `Cannot create field '${rest[0]}' in element {${name}: ${show(old)}}`);
    }
    value = withPath(old ?? Empty, rest, value, path);
  }
  if (value === undefined) {
    if (at >= 0) pairs.splice(at, 1);
  } else if (at >= 0) {
    pairs[at] = [name, value];
  } else {
    if (doc.isArray && !/^\d+$/.test(name)) throw new CommandError(28, `Cannot create field '${name}' in element {${path}: []}`);
    pairs.push([name, value]);
  }
  return document(pairs, doc.type);
}

/**
 * A projection as a function of the document. Inclusion or exclusion by 1/true/0/false, else an expression; `_id` stays unless excluded.
 */
function projection(spec, now) {
  const tree = new Map();
  let mode;
  let id;
  for (const [path, value] of entries(spec)) {
    const flag = value.isNumber || value.type === Type.Bool;
    if (path === '_id' && flag) {
      id = truthy(value);
      continue;
    }
    const wanted = !flag || truthy(value) ? 'include' : 'exclude';
    if (mode === 'include' && wanted === 'exclude') throw new CommandError(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
    if (mode === 'exclude' && wanted === 'include') throw new CommandError(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
    mode = wanted;
    plant(tree, path.split('.'), flag ? mode : value);
  }
  mode ??= id ? 'include' : 'exclude';
  if (mode === 'include' ? id !== false : id === false) tree.set('_id', mode);
  return doc => (mode === 'include' ? include(doc, tree, doc, now) : exclude(doc, tree));
}

function plant(tree, parts, leaf) {
  const [name, ...rest] = parts;
  if (rest.length === 0) {
    tree.set(name, leaf);
    return;
  }
  if (!(tree.get(name) instanceof Map)) tree.set(name, new Map());
  plant(tree.get(name), rest, leaf);
}

function include(doc, tree, root, now) {
  /** @type {import('./raw').Pair[]} */
  const pairs = [];
  for (const [name, value] of entries(doc)) {
    const leaf = tree.get(name);
    if (leaf === 'include') pairs.push([name, value]);
    else if (leaf instanceof Map && value.isDocument) pairs.push([name, include(value, leaf, root, now)]);
    else if (leaf instanceof Map && value.isArray)
      pairs.push([
        name,
        array(
          items(value)
            .filter(it => it.isDocument)
            .map(it => include(it, leaf, root, now)),
        ),
      ]);
  }
  // Computed fields come after those that were there.
  for (const [name, leaf] of tree) {
    if (leaf === 'include' || leaf instanceof Map) continue;
    const value = evaluate(leaf, root, now);
    if (value !== undefined) pairs.push([name, value]);
  }
  return document(pairs);
}

function exclude(doc, tree) {
  /** @type {import('./raw').Pair[]} */
  const pairs = [];
  for (const [name, value] of entries(doc)) {
    const leaf = tree.get(name);
    if (leaf === undefined) pairs.push([name, value]);
    else if (leaf instanceof Map && value.isDocument) pairs.push([name, exclude(value, leaf)]);
    else if (leaf instanceof Map && value.isArray) pairs.push([name, array(items(value).map(it => (it.isDocument ? exclude(it, leaf) : it)))]);
    else if (leaf instanceof Map) pairs.push([name, value]);
  }
  return document(pairs);
}

/** A copy without the paths that $unset names: a string or an array of strings. */
function withoutPaths(doc, paths) {
  const texts = (paths.isArray ? items(paths) : [paths]).map(path => path.text());
  return texts.reduce((result, path) => withPath(result, path.split('.'), undefined), doc);
}

/** The document with `_id` as its first field, which is `id` where it had none. */
function withIdFirst(doc, id) {
  const own = field(doc, '_id');
  if (own === undefined) return withFirst(doc, '_id', id);
  if (own.start === doc.start + 4 + '_id'.length + 2) return doc;
  return document([['_id', own], ...entries(doc).filter(([name]) => name !== '_id')]);
}

module.exports = { withPath, withoutPaths, projection, withIdFirst, Empty };
