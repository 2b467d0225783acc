// @ts-check
'use strict';
// Numbers of all four BSON types, exactly: a finite number is sign * coefficient * 10^exponent with BigInt coefficient.
// A double has such a form too, since 2^-n = 5^n * 10^-n.
const { BSON } = require('bson');
const { Type, encode } = require('./raw');

const NaNumber = { special: -2, coefficient: 0n, exponent: 0 }; // sorts before every other number
const Negative = { special: -1, coefficient: 0n, exponent: 0 };
const Positive = { special: 1, coefficient: 0n, exponent: 0 };

/** @typedef {{ special?: number, coefficient: bigint, exponent: number }} Exact */

/** `{coefficient, exponent}` without trailing zeros, or one of the three special numbers. @returns {Exact} */
function exact(value) {
  const { buf, start } = value;
  switch (value.type) {
    case Type.Int32:
      return normal(BigInt(buf.readInt32LE(start)), 0);
    case Type.Int64:
      return normal(buf.readBigInt64LE(start), 0);
    case Type.Double:
      return exactDouble(buf.readDoubleLE(start));
    default:
      return exactDecimal(new BSON.Decimal128(buf.subarray(start, start + 16)).toString());
  }
}

function exactDouble(number) {
  if (Number.isNaN(number)) return NaNumber;
  if (!Number.isFinite(number)) return number < 0 ? Negative : Positive;
  let halvings = 0;
  while (!Number.isInteger(number)) {
    number *= 2;
    halvings++;
  }
  return normal(BigInt(number) * 5n ** BigInt(halvings), -halvings);
}

function exactDecimal(text) {
  if (text === 'NaN') return NaNumber;
  if (text.endsWith('Infinity')) return text.startsWith('-') ? Negative : Positive;
  const match = /** @type {RegExpExecArray} */ (/^(-?)(\d*)(?:\.(\d*))?(?:E([+-]?\d+))?$/i.exec(text));
  const [, sign, whole, fraction = '', exponent = '0'] = match;
  return normal(BigInt(sign + whole + fraction), Number(exponent) - fraction.length);
}

function normal(coefficient, exponent) {
  if (coefficient === 0n) return { coefficient, exponent: 0 };
  while (coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent++;
  }
  return { coefficient, exponent };
}

function compareNumbers(a, b) {
  if (a.type === Type.Int32 && b.type === Type.Int32) return Math.sign(a.buf.readInt32LE(a.start) - b.buf.readInt32LE(b.start));
  const x = exact(a);
  const y = exact(b);
  if (x.special || y.special) return Math.sign((x.special ?? 0) - (y.special ?? 0));
  const [left, right] = aligned(x, y);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Both coefficients over the smaller exponent, which is then the third. @param {Exact} x @param {Exact} y @returns {[bigint, bigint, number]} */
function aligned(x, y) {
  const low = Math.min(x.exponent, y.exponent);
  return [x.coefficient * 10n ** BigInt(x.exponent - low), y.coefficient * 10n ** BigInt(y.exponent - low), low];
}

/** A text that is equal for equal numbers, whatever their types. */
function numberKey(value) {
  if (value.type === Type.Int32) {
    const number = value.buf.readInt32LE(value.start);
    if (number % 10 !== 0 || number === 0) return `${number}e0`;
  }
  const number = exact(value);
  return number.special ? `special${number.special}` : `${number.coefficient}e${number.exponent}`;
}

/** The sum as the server types it: integers stay integers (int32 grows to int64, then to double), a decimal makes decimals. */
function add(a, b) {
  const type = wider(a, b);
  if (type === Type.Double) return encode(new BSON.Double(asDouble(a) + asDouble(b)));
  const x = exact(a);
  const y = exact(b);
  if (type === Type.Decimal) {
    const text = x.special || y.special ? String(asDouble(a) + asDouble(b)) : (([l, r, e]) => `${l + r}E${e}`)(aligned(x, y));
    return encode(BSON.Decimal128.fromStringWithRounding(text));
  }
  const [left, right, exponent] = aligned(x, y);
  const sum = (left + right) * 10n ** BigInt(exponent);
  if (type === Type.Int32 && BigInt.asIntN(32, sum) === sum) return encode(new BSON.Int32(Number(sum)));
  return BigInt.asIntN(64, sum) === sum ? encode(sum) : encode(new BSON.Double(Number(sum)));
}

function wider(a, b) {
  for (const type of [Type.Decimal, Type.Double, Type.Int64]) if (a.type === type || b.type === type) return type;
  return Type.Int32;
}

const asDouble = value => {
  const number = exact(value);
  if (number.special) return number === NaNumber ? NaN : number.special * Infinity;
  return Number(`${number.coefficient}e${number.exponent}`);
};

module.exports = { compareNumbers, numberKey, add, asDouble };
