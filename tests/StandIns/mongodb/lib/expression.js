// @ts-check
'use strict';
// Aggregation expressions over raw documents. A missing value is undefined.
const { Type, entries, each, field, items, document, array, encode } = require('./raw');
const { compare, show } = require('./order');
const { CommandError } = require('./errors');
const conversion = require('./conversion');

const Null = encode(null);
const yes = encode(true);
const no = encode(false);
const bool = answer => (answer ? yes : no);

/** `$$REMOVE` and missing fields evaluate to undefined. `now` is $$NOW, the same for a whole command; `variables` are those of $let. */
function evaluate(expression, root, now, variables = {}) {
  switch (expression.type) {
    case Type.String:
      return text(expression, root, now, variables);
    case Type.Array:
      return array(items(expression).map(it => evaluate(it, root, now, variables) ?? Null));
    case Type.Document:
      return object(expression, root, now, variables);
    default:
      return expression;
  }
}

function text(expression, root, now, variables) {
  const word = expression.text();
  if (word.startsWith('$$')) {
    const [name, ...path] = word.slice(2).split('.');
    if (name === 'ROOT' || name === 'CURRENT') return along(root, path);
    if (name === 'REMOVE') return undefined;
    if (name === 'NOW') return now ?? encode(new Date());
    if (Object.hasOwn(variables, name)) return along(variables[name], path);
    throw new CommandError(17276, `Use of undefined variable: ${name}`);
  }
  return word[0] === '$' ? along(root, word.slice(1).split('.')) : expression;
}

/** A field path: into documents, and over the elements of an array. */
function along(value, path) {
  for (let i = 0; i < path.length; i++) {
    if (value === undefined) return undefined;
    if (value.isArray)
      return array(
        items(value)
          .filter(it => it.isDocument)
          .map(it => along(it, path.slice(i)))
          .filter(it => it !== undefined),
      );
    if (!value.isDocument) return undefined;
    value = field(value, path[i]);
  }
  return value;
}

function object(expression, root, now, variables) {
  const pairs = entries(expression);
  if (pairs.length > 0 && pairs[0][0][0] === '$') {
    const [name, argument] = pairs[0];
    if (pairs.length > 1)
      throw new CommandError(
        15983,
        'an expression specification must contain exactly one field, the name of the expression. ' + `Found ${pairs.length} fields in ${show(expression)}`,
      );
    const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
    if (operator === undefined) throw new CommandError(168, `Unrecognized expression '${name}'`);
    return operator(argument, (it, more) => evaluate(it, root, now, more === undefined ? variables : { ...variables, ...more }));
  }
  return document(pairs.map(([name, it]) => [name, evaluate(it, root, now, variables)]).filter(([, it]) => it !== undefined));
}

const list = argument => (argument.isArray ? items(argument) : [argument]);

function pair(name, argument) {
  const both = list(argument);
  if (both.length !== 2) throw new CommandError(16020, `Expression ${name} takes exactly 2 arguments. ${both.length} were passed in.`);
  return both;
}

const comparing = (name, holds) => (argument, of) => {
  const [left, right] = pair(name, argument).map(it => of(it));
  // Unlike in sorting, a missing value is less than null here.
  const order = left === undefined || right === undefined ? Number(left !== undefined) - Number(right !== undefined) : compare(left, right);
  return bool(holds(order));
};

const operators = {
  ...conversion.operators,
  $literal: argument => argument,
  $let: (argument, of) => of(field(argument, 'in'), Object.fromEntries(entries(field(argument, 'vars')).map(([name, it]) => [name, of(it)]))),
  $eq: comparing('$eq', order => order === 0),
  $ne: comparing('$ne', order => order !== 0),
  $gt: comparing('$gt', order => order > 0),
  $gte: comparing('$gte', order => order >= 0),
  $lt: comparing('$lt', order => order < 0),
  $lte: comparing('$lte', order => order <= 0),
  $and: (argument, of) => bool(list(argument).every(it => truthy(of(it)))),
  $or: (argument, of) => bool(list(argument).some(it => truthy(of(it)))),
  $not: (argument, of) => bool(!truthy(of(list(argument)[0]))),
  $ifNull: (argument, of) => {
    let value;
    for (const it of list(argument)) {
      value = of(it);
      if (value !== undefined && !value.isNullish) return value;
    }
    return value;
  },
  $cond: (argument, of) => {
    const [test, then, otherwise] = argument.isArray ? items(argument) : ['if', 'then', 'else'].map(name => field(argument, name));
    if (otherwise === undefined) throw new CommandError(16020, 'Expression $cond takes exactly 3 arguments.');
    return of(truthy(of(test)) ? then : otherwise);
  },
  $mergeObjects: (argument, of) => {
    const merged = new Map();
    for (const it of list(argument)) {
      const value = of(it);
      if (value === undefined || value.isNullish) continue;
      if (!value.isDocument) throw new CommandError(40400, '$mergeObjects requires object inputs');
      each(value, (name, inner) => {
        merged.set(name, inner);
      });
    }
    return document([...merged]);
  },
};

/** False for missing, null, false and zero. */
function truthy(value) {
  if (value === undefined || value.isNullish) return false;
  if (value.type === Type.Bool) return value.buf[value.start] === 1;
  return !value.isNumber || compare(value, encode(0)) !== 0;
}

module.exports = { evaluate, truthy };
