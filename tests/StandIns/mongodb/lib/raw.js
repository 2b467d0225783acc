// @ts-check
'use strict';
// BSON as bytes (bsonspec.org, version 1.1): a value is a slice of the message it came in, read only when asked for,
// so that what is stored is byte for byte what was sent.
const { BSON } = require('bson');

const Type = Object.freeze({
  Double: 1,
  String: 2,
  Document: 3,
  Array: 4,
  Binary: 5,
  Undefined: 6,
  ObjectId: 7,
  Bool: 8,
  Date: 9,
  Null: 10,
  Regex: 11,
  DbPointer: 12,
  Code: 13,
  Symbol: 14,
  CodeWithScope: 15,
  Int32: 16,
  Timestamp: 17,
  Int64: 18,
  Decimal: 19,
  MinKey: 255,
  MaxKey: 127,
});

/** One BSON value: its type and its bytes `buf[start, end)`, without the field name. */
class Value {
  /** @param {number} type @param {Buffer} buf @param {number} start @param {number} end */
  constructor(type, buf, start, end) {
    this.type = type;
    this.buf = buf;
    this.start = start;
    this.end = end;
  }

  get isDocument() {
    return this.type === Type.Document;
  }
  get isArray() {
    return this.type === Type.Array;
  }
  get isNumber() {
    return this.type === Type.Int32 || this.type === Type.Int64 || this.type === Type.Double || this.type === Type.Decimal;
  }
  get isNullish() {
    return this.type === Type.Null || this.type === Type.Undefined;
  }
  get bytes() {
    return this.buf.subarray(this.start, this.end);
  }

  /** Text of a string, without its length and its final zero. */
  text() {
    return this.buf.utf8Slice(this.start + 4, this.end - 1);
  }

  equals(other) {
    return this.type === other.type && this.bytes.equals(other.bytes);
  }

  /** The value as the `bson` package shows it, with integers of 64 bits as Long. */
  toJs() {
    return BSON.deserialize(document([['v', this]]).bytes, { promoteValues: false, promoteLongs: false }).v;
  }

  /** A command's argument as a plain JavaScript value: numbers as number, strings, booleans. */
  toPlain() {
    return BSON.deserialize(document([['v', this]]).bytes, { promoteLongs: true }).v;
  }
}

/** @typedef {[name: string | number, value: Value]} Pair */

class MalformedBson extends Error {}

function valueEnd(type, buf, at) {
  switch (type) {
    case Type.Double:
    case Type.Date:
    case Type.Timestamp:
    case Type.Int64:
      return at + 8;
    case Type.String:
    case Type.Code:
    case Type.Symbol:
      return at + 4 + buf.readInt32LE(at);
    case Type.Document:
    case Type.Array:
    case Type.CodeWithScope:
      return at + buf.readInt32LE(at);
    case Type.Binary:
      return at + 5 + buf.readInt32LE(at);
    case Type.ObjectId:
      return at + 12;
    case Type.Bool:
      return at + 1;
    case Type.Int32:
      return at + 4;
    case Type.Decimal:
      return at + 16;
    case Type.Undefined:
    case Type.Null:
    case Type.MinKey:
    case Type.MaxKey:
      return at;
    case Type.Regex:
      return buf.indexOf(0, buf.indexOf(0, at) + 1) + 1;
    case Type.DbPointer:
      return at + 4 + buf.readInt32LE(at) + 12;
    default:
      throw new MalformedBson(`unknown BSON type ${type}`);
  }
}

/**
 * Calls `visit` for each element, until it answers false.
 * @param {Value} doc @param {(name: string, value: Value) => boolean | void} visit
 */
function each(doc, visit) {
  const { buf } = doc;
  const last = doc.end - 1;
  let at = doc.start + 4;
  while (at < last) {
    const type = buf[at];
    const nameEnd = endOfName(buf, at + 1);
    const start = nameEnd + 1;
    const end = valueEnd(type, buf, start);
    if (visit(nameOf(buf, at + 1, nameEnd), new Value(type, buf, start, end)) === false) return;
    at = end;
  }
}

/** The field of that name, or undefined. Compares names as bytes and makes no object for the others. @param {Value} doc @param {string} name */
function field(doc, name) {
  const { buf } = doc;
  const last = doc.end - 1;
  const wanted = nameBytes(name);
  let at = doc.start + 4;
  while (at < last) {
    const type = buf[at];
    const nameStart = at + 1;
    const nameEnd = endOfName(buf, nameStart);
    const start = nameEnd + 1;
    const end = valueEnd(type, buf, start);
    if (nameEnd - nameStart === wanted.length && sameBytes(buf, nameStart, wanted)) return new Value(type, buf, start, end);
    at = end;
  }
  return undefined;
}

/** The field of a document that is known to have it. @returns {Value} */
function member(doc, name) {
  const value = field(doc, name);
  if (value === undefined) throw new Error(`a document has no field '${name}'`);
  return value;
}

/** Ends at the latest at the zero that ends the document. */
function endOfName(buf, at) {
  while (buf[at] !== 0) at++;
  return at;
}

// The same few names come again and again: a slot per hash spares decoding them. A slot holds the last name with its hash.
const slots = new Array(4096);

function nameOf(buf, start, end) {
  let hash = end - start;
  for (let i = start; i < end; i++) hash = (hash * 31 + buf[i]) | 0;
  const slot = hash & 4095;
  const known = slots[slot];
  if (known !== undefined && known.bytes.length === end - start && sameBytes(buf, start, known.bytes)) return known.name;
  const name = buf.utf8Slice(start, end);
  slots[slot] = { name, bytes: Buffer.from(buf.subarray(start, end)) };
  return name;
}

const knownNames = new Map();

function nameBytes(name) {
  let bytes = knownNames.get(name);
  if (bytes === undefined) {
    bytes = Buffer.from(name, 'utf8');
    if (knownNames.size < 10_000) knownNames.set(name, bytes);
  }
  return bytes;
}

function sameBytes(buf, at, wanted) {
  for (let i = 0; i < wanted.length; i++) if (buf[at + i] !== wanted[i]) return false;
  return true;
}

const entries = doc => {
  /** @type {[string, Value][]} */
  const all = [];
  each(doc, (name, value) => {
    all.push([name, value]);
  });
  return all;
};
const items = array => {
  /** @type {Value[]} */
  const all = [];
  each(array, (_, value) => {
    all.push(value);
  });
  return all;
};

/** The document in a buffer, the whole or a part of it. */
const asDocument = (buf, start = 0, end = buf.length) => new Value(Type.Document, buf, start, end);

/** The bytes of a document to keep: a copy, unless it has a buffer of its own already, so that no whole message stays in memory. */
const owned = doc => (doc.start === 0 && doc.end === doc.buf.length ? doc.buf : Buffer.from(doc.bytes));

/** Checks the structure of `buf[start, end)` once, all the way down, so that later reads may trust it. Returns the depth. */
function validate(buf, start, end) {
  const last = end - 1;
  if (end > buf.length || end - start < 5 || buf.readInt32LE(start) !== end - start || buf[last] !== 0)
    throw new MalformedBson('a document has a wrong length');
  let deepest = 0;
  let at = start + 4;
  while (at < last) {
    const type = buf[at];
    const from = endOfName(buf, at + 1) + 1;
    const to = from > last ? end : valueEnd(type, buf, from);
    if (to > last || to < from) throw new MalformedBson('an element runs over the end of its document');
    if (type === Type.Document || type === Type.Array) deepest = Math.max(deepest, validate(buf, from, to));
    at = to;
  }
  return deepest + 1;
}

/**
 * A new document, or an array.
 * @param {Pair[]} pairs @param {number} type
 */
function document(pairs, type = Type.Document) {
  const names = pairs.map(([name]) => nameBytes(String(name)));
  let size = 5;
  for (let i = 0; i < pairs.length; i++) size += 2 + names[i].length + pairs[i][1].end - pairs[i][1].start;
  const buf = Buffer.allocUnsafe(size);
  buf.writeInt32LE(size, 0);
  let at = 4;
  for (let i = 0; i < pairs.length; i++) {
    const value = pairs[i][1];
    buf[at++] = value.type;
    at += names[i].copy(buf, at);
    buf[at++] = 0;
    at += value.buf.copy(buf, at, value.start, value.end);
  }
  buf[at] = 0;
  return new Value(type, buf, 0, size);
}

/** A copy of the document with one more field before the others. */
function withFirst(doc, name, value) {
  const first = nameBytes(name);
  const added = 2 + first.length + value.end - value.start;
  const buf = Buffer.allocUnsafe(doc.end - doc.start + added);
  buf.writeInt32LE(buf.length, 0);
  buf[4] = value.type;
  let at = 5 + first.copy(buf, 5);
  buf[at++] = 0;
  at += value.buf.copy(buf, at, value.start, value.end);
  doc.buf.copy(buf, at, doc.start + 4, doc.end);
  return asDocument(buf);
}

const array = (/** @type {Value[]} */ values) =>
  document(
    values.map((value, i) => [i, value]),
    Type.Array,
  );

/**
 * A Value out of JavaScript, for answers: Value and Buffer (a document) as they are, integers as int32, other numbers as double, BigInt as int64,
 * what `bson` knows (Long, ObjectId, Date, ...) as it writes them.
 * @returns {Value}
 */
function encode(js) {
  if (js instanceof Value) return js;
  if (Buffer.isBuffer(js)) return asDocument(js);
  if (Array.isArray(js)) return array(js.map(encode));
  if (typeof js === 'bigint') js = BSON.Long.fromBigInt(js);
  if (js !== null && typeof js === 'object' && js._bsontype === undefined && Object.getPrototypeOf(js) === Object.prototype)
    return document(
      Object.entries(js)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, encode(value)]),
    );
  return member(asDocument(Buffer.from(BSON.serialize({ v: js }))), 'v');
}

module.exports = { Type, Value, MalformedBson, each, field, member, entries, items, asDocument, owned, validate, document, withFirst, array, encode };
