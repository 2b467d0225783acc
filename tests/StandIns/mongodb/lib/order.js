// @ts-check
'use strict';
// The order of BSON values as MongoDB's manual gives it ("Comparison/Sort Order"), a key for hashing that agrees with it,
// and the text the server prints a value as.
const { BSON } = require('bson');
const { Type, each, entries, items } = require('./raw');
const { compareNumbers, numberKey } = require('./numbers');

/** The bracket of a type: values of different brackets never compare equal, and a range operator stays inside one. @type {Map<number, number>} */
const bracket = new Map([
  [Type.MinKey, -1],
  [Type.Undefined, 0],
  [Type.Null, 5],
  [Type.Int32, 10],
  [Type.Int64, 10],
  [Type.Double, 10],
  [Type.Decimal, 10],
  [Type.String, 15],
  [Type.Symbol, 15],
  [Type.Document, 20],
  [Type.Array, 25],
  [Type.Binary, 30],
  [Type.ObjectId, 35],
  [Type.Bool, 40],
  [Type.Date, 45],
  [Type.Timestamp, 47],
  [Type.Regex, 50],
  [Type.DbPointer, 55],
  [Type.Code, 60],
  [Type.CodeWithScope, 65],
  [Type.MaxKey, 127],
]);

const bracketOf = (/** @type {import('./raw').Value} */ value) => /** @type {number} */ (bracket.get(value.type));

/** -1, 0 or 1. A missing value (undefined) sorts as null. */
function compare(a, b) {
  const left = a === undefined ? 5 : bracketOf(a);
  const right = b === undefined ? 5 : bracketOf(b);
  if (left !== right) return left < right ? -1 : 1;
  if (a === undefined || b === undefined) return 0;
  switch (a.type) {
    case Type.MinKey:
    case Type.MaxKey:
    case Type.Null:
    case Type.Undefined:
      return 0;
    case Type.Int32:
    case Type.Int64:
    case Type.Double:
    case Type.Decimal:
      return compareNumbers(a, b);
    case Type.Date:
      return compareBig(a.buf.readBigInt64LE(a.start), b.buf.readBigInt64LE(b.start));
    case Type.Timestamp:
      return compareBig(a.buf.readBigUInt64LE(a.start), b.buf.readBigUInt64LE(b.start));
    case Type.String:
    case Type.Symbol:
      return a.buf.compare(b.buf, b.start + 4, b.end, a.start + 4, a.end);
    case Type.Binary:
      return a.end - a.start - (b.end - b.start) || a.buf.compare(b.buf, b.start + 4, b.end, a.start + 4, a.end);
    case Type.Document:
    case Type.Array:
      return compareDocuments(a, b);
    default:
      return a.buf.compare(b.buf, b.start, b.end, a.start, a.end);
  }
}

const compareBig = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Field by field in their order: bracket of the type, then the name, then the value; the shorter one first. */
function compareDocuments(a, b) {
  const left = entries(a);
  const right = entries(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [leftName, leftValue] = left[i];
    const [rightName, rightValue] = right[i];
    const order =
      bracketOf(leftValue) - bracketOf(rightValue) ||
      (a.isArray ? 0 : Buffer.compare(Buffer.from(leftName), Buffer.from(rightName))) ||
      compare(leftValue, rightValue);
    if (order !== 0) return Math.sign(order);
  }
  return Math.sign(left.length - right.length);
}

/** Equal for values that compare equal, different for others; a missing value is keyed as null, as an index does. */
function keyOf(value) {
  if (value === undefined) return 'null';
  switch (value.type) {
    case Type.Null:
      return 'null';
    case Type.String:
    case Type.Symbol:
      return `s${value.end - value.start}:${value.buf.latin1Slice(value.start + 4, value.end)}`;
    case Type.Int32:
    case Type.Int64:
    case Type.Double:
    case Type.Decimal:
      return `n${numberKey(value)}`;
    case Type.Document:
    case Type.Array: {
      const parts = [];
      each(value, (name, item) => {
        parts.push(`${value.isArray ? '' : name}\0${keyOf(item)}`);
      });
      return `${value.type}[${parts.length}:${parts.join('')}]`;
    }
    default:
      return `t${value.type}:${value.buf.latin1Slice(value.start, value.end)}`;
  }
}

/** The server's own notation, e.g. `{ a: "x", n: 1, d: new Date(0) }`, as in its messages. */
function show(value) {
  if (value === undefined) return 'null';
  switch (value.type) {
    case Type.Document:
      return showList(
        '{',
        entries(value).map(([name, item]) => `${name}: ${show(item)}`),
        '}',
      );
    case Type.Array:
      return showList('[', items(value).map(show), ']');
    case Type.String:
      return `"${value.text()}"`;
    case Type.Double:
      return showDouble(value.buf.readDoubleLE(value.start));
    case Type.Decimal:
      return `NumberDecimal('${value.toJs()}')`;
    case Type.ObjectId:
      return `ObjectId('${value.bytes.toString('hex')}')`;
    case Type.Date:
      return `new Date(${value.buf.readBigInt64LE(value.start)})`;
    case Type.Int32:
    case Type.Int64:
    case Type.Bool:
      return String(value.toJs());
    case Type.Null:
      return 'null';
    case Type.Undefined:
      return 'undefined';
    case Type.MinKey:
      return 'MinKey';
    case Type.MaxKey:
      return 'MaxKey';
    case Type.Binary:
      return showBinary(value.buf[value.start + 4], value.buf.subarray(value.start + 5, value.end));
    default:
      return BSON.EJSON.stringify(value.toJs());
  }
}

/** 1.0, not 1, which is an integer. */
const showDouble = number => (Number.isInteger(number) && Math.abs(number) < 1e21 ? `${number}.0` : String(number));

const showBinary = (subtype, bytes) =>
  subtype === BSON.Binary.SUBTYPE_UUID ? `UUID("${new BSON.UUID(bytes)}")` : `BinData(${subtype}, ${bytes.toString('hex').toUpperCase()})`;

const showList = (open, parts, close) => (parts.length === 0 ? `${open}${close}` : `${open} ${parts.join(', ')} ${close}`);

const sameBracket = (a, b) => bracketOf(a) === bracketOf(b);

module.exports = { compare, sameBracket, keyOf, show };
