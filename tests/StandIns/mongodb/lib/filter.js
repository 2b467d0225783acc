// @ts-check
'use strict';
// Query filters: parsed once per statement into a test over raw documents, with what an index or an upsert can use of them.
const { Type, each, field, items } = require('./raw');
const { compare, sameBracket, keyOf } = require('./order');
const { CommandError } = require('./errors');
const { evaluate, truthy } = require('./expression');

/**
 * `matches(document)`; `equalities`: path -> Value of the conditions that every match must equal; `operators`: all operator names that occur.
 */
function parseFilter(filter, operators = new Set()) {
  const equalities = new Map();
  const tests = conjunction(filter, equalities, operators);
  return {
    equalities,
    operators,
    matches(doc) {
      for (let i = 0; i < tests.length; i++) if (!tests[i](doc)) return false;
      return true;
    },
  };
}

/** `equalities` is null where a condition need not hold for every match (below $or, $nor, $not). */
function conjunction(filter, equalities, operators) {
  const tests = [];
  each(filter, (name, value) => {
    if (name[0] === '$') {
      operators.add(name);
      const test = logical(name, value, equalities, operators);
      if (test) tests.push(test);
    } else {
      tests.push(condition(name, value, equalities, operators));
    }
  });
  return tests;
}

const all = tests => doc => tests.every(test => test(doc));

function logical(name, value, equalities, operators) {
  switch (name) {
    case '$comment':
      return undefined;
    case '$expr':
      return doc => truthy(evaluate(value, doc));
    case '$and':
      return all(branches(name, value).flatMap(branch => conjunction(branch, equalities, operators)));
    case '$or':
    case '$nor': {
      const tests = branches(name, value).map(branch => all(conjunction(branch, null, operators)));
      return name === '$or' ? doc => tests.some(test => test(doc)) : doc => !tests.some(test => test(doc));
    }
    default:
      throw new CommandError(
        2,
        `unknown top level operator: ${name}. ` + "If you have a field name that starts with a '$' symbol, consider using $getField or $setField.",
      );
  }
}

function branches(name, value) {
  if (!value.isArray) throw new CommandError(2, `${name} must be an array`);
  const list = items(value);
  if (list.length === 0) throw new CommandError(2, '$and/$or/$nor must be a nonempty array');
  if (!list.every(it => it.isDocument)) throw new CommandError(2, '$or/$and/$nor entries need to be full objects');
  return list;
}

/** One path with a literal or with an object of operators. */
function condition(path, value, equalities, operators) {
  const parts = partsOf(path);
  const tests = isOperatorObject(value) ? comparisons(path, value, equalities, operators) : [equality(path, value, equalities)];
  return doc => {
    const values = valuesAt(doc, parts);
    for (let i = 0; i < tests.length; i++) if (!tests[i](values)) return false;
    return true;
  };
}

const knownPaths = new Map();

/** The names of a dotted path. */
function partsOf(path) {
  let parts = knownPaths.get(path);
  if (parts === undefined) {
    parts = path.split('.');
    if (knownPaths.size < 10_000) knownPaths.set(path, parts);
  }
  return parts;
}

function isOperatorObject(value) {
  if (!value.isDocument) return false;
  let first;
  each(value, name => {
    first = name;
    return false;
  });
  return first !== undefined && first[0] === '$' && !['$ref', '$id', '$db'].includes(first);
}

function equality(path, value, equalities) {
  equalities?.set(path, value);
  // null stands for a missing field too.
  const equal = value.isNullish ? it => it === undefined || it.isNullish : it => it !== undefined && sameBracket(it, value) && compare(it, value) === 0;
  return values => anyElement(values, equal);
}

const ranges = { $gt: order => order > 0, $gte: order => order >= 0, $lt: order => order < 0, $lte: order => order <= 0 };

function comparisons(path, object, equalities, operators) {
  const tests = [];
  each(object, (name, value) => {
    operators.add(name);
    tests.push(comparison(path, name, value, equalities, operators));
  });
  return tests;
}

function comparison(path, name, value, equalities, operators) {
  if (ranges[name]) {
    const holds = ranges[name];
    return values => anyElement(values, it => it !== undefined && sameBracket(it, value) && holds(compare(it, value)));
  }
  switch (name) {
    case '$eq':
      return equality(path, value, equalities);
    case '$ne':
      return not(equality(path, value, null));
    case '$in':
      return membership(path, value, equalities);
    case '$nin':
      return not(membership(path, value, null));
    case '$exists': {
      const wanted = truthy(value);
      return values => values.some(it => it !== undefined) === wanted;
    }
    case '$not': {
      if (!isOperatorObject(value)) throw new CommandError(2, '$not needs a regex or a document');
      const tests = comparisons(path, value, null, operators);
      return values => !tests.every(test => test(values));
    }
    default:
      throw new CommandError(2, `unknown operator: ${name}`);
  }
}

const not = test => values => !test(values);

function membership(path, value, equalities) {
  if (!value.isArray) throw new CommandError(2, '$in needs an array');
  const list = items(value);
  if (list.length === 1) equalities?.set(path, list[0]);
  const keys = new Set(list.map(keyOf));
  return values => anyElement(values, it => keys.has(keyOf(it)));
}

/** A condition holds for an array when it holds for the array itself or for one of its elements. */
function anyElement(values, test) {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (test(value) || (value !== undefined && value.isArray && items(value).some(test))) return true;
  }
  return false;
}

/** Everything a dotted path reaches: through documents, into each element of an array, and by an array's index. [undefined] = nothing. */
function valuesAt(doc, parts) {
  if (parts.length === 1) return [field(doc, parts[0])];
  const found = [];
  walk(doc, parts, 0, found);
  return found.length > 0 ? found : [undefined];
}

function walk(value, parts, depth, found) {
  if (depth === parts.length) {
    found.push(value);
    return;
  }
  if (!value.isDocument && !value.isArray) return;
  const inner = field(value, parts[depth]);
  if (inner !== undefined) walk(inner, parts, depth + 1, found);
  if (value.isArray) for (const item of items(value)) if (item.type === Type.Document) walk(item, parts, depth, found);
}

module.exports = { parseFilter, valuesAt };
