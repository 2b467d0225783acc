// @ts-check
'use strict';
// Expressions that ask for a type or convert to one: https://www.mongodb.com/docs/manual/reference/operator/aggregation/
const { BSON } = require('bson');
const { Type, encode, field, items } = require('./raw');
const { CommandError } = require('./errors');

const NAMES = new Map([
  [Type.Double, 'double'],
  [Type.String, 'string'],
  [Type.Document, 'object'],
  [Type.Array, 'array'],
  [Type.Binary, 'binData'],
  [Type.ObjectId, 'objectId'],
  [Type.Bool, 'bool'],
  [Type.Date, 'date'],
  [Type.Null, 'null'],
  [Type.Int32, 'int'],
  [Type.Int64, 'long'],
  [Type.Decimal, 'decimal'],
]);

/** "missing" for a field that is not there ($type). */
const typeName = value => (value === undefined ? 'missing' : (NAMES.get(value.type) ?? 'undefined'));

const only = argument => (argument.isArray && items(argument).length === 1 ? items(argument)[0] : argument);
const failed = message => new CommandError(241, message); // ConversionFailure
const textOf = (name, value) => {
  if (value === undefined || value.isNullish) return undefined;
  if (value.type !== Type.String) throw new CommandError(51104, `${name} needs 'input' to be of type string`);
  return value.text();
};

/** The digits of a number, with a point or an exponent where it has one. */
const digits = value => String([Type.Decimal, Type.Int64].includes(value.type) ? value.toJs() : value.toPlain());

const whole = text => {
  if (!/^[+-]?\d+$/.test(text)) throw failed(`Failed to parse number '${text}' in $convert with no onError value`);
  const number = BigInt(text);
  if (number < -(2n ** 63n) || number >= 2n ** 63n) throw failed(`Conversion would overflow target type in $convert with no onError value: ${text}`);
  return encode(BSON.Long.fromBigInt(number));
};

const plain = text => {
  const [, sign, before, after = '', exponent = '0'] = /** @type {RegExpExecArray} */ (/^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []);
  if (before === undefined) throw failed(`Attempt to convert ${text} in $convert with no onError value`);
  const point = before.length + Number(exponent);
  return `${sign}${(before + after).padEnd(Math.min(point, 400), '0').slice(0, Math.max(point, 0)) || '0'}`;
};

const CONVERSIONS = {
  long: value => whole(value.type === Type.String ? value.text() : plain(digits(value))),
  double: value => {
    const text = value.type === Type.String ? value.text() : digits(value);
    if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) || !Number.isFinite(Number(text))) throw failed(`Failed to parse number '${text}'`);
    return encode(new BSON.Double(Number(text)));
  },
  decimal: value => {
    try {
      return encode(BSON.Decimal128.fromString(value.type === Type.String ? value.text() : digits(value)));
    } catch (error) {
      throw failed(error.message);
    }
  },
};

const operators = {
  $type: (argument, of) => encode(typeName(of(only(argument)))),
  $isNumber: (argument, of) => encode(of(only(argument))?.isNumber ?? false),
  $isArray: (argument, of) => encode(of(only(argument))?.isArray ?? false),
  $in: (argument, of) => {
    const [wanted, list] = items(argument).map(of);
    if (!list?.isArray) throw new CommandError(40081, '$in requires an array as a second argument');
    return encode(items(list).some(it => wanted !== undefined && it.bytes.equals(wanted.bytes) && it.type === wanted.type));
  },
  $getField: (argument, of) => {
    const name = of(field(argument, 'field'));
    const input = of(field(argument, 'input'));
    if (name?.type !== Type.String) throw new CommandError(3041704, "$getField requires 'field' to evaluate to type String");
    if (input === undefined || input.isNullish) return input;
    return input.isDocument ? field(input, name.text()) : undefined;
  },
  $toLower: (argument, of) => {
    const value = of(only(argument));
    if (value === undefined || value.isNullish) return encode('');
    if (value.type !== Type.String && !value.isNumber && value.type !== Type.Date)
      throw new CommandError(16007, `can't convert from BSON type ${typeName(value)} to String`);
    return encode((value.type === Type.String ? value.text() : digits(value)).replace(/[A-Z]/g, it => it.toLowerCase())); // ASCII only, as documented
  },
  $toString: (argument, of) => {
    const value = of(only(argument));
    if (value === undefined || value.isNullish) return encode(null);
    if (value.type === Type.String) return value;
    if (value.isNumber || value.type === Type.Bool) return encode(digits(value));
    throw failed(`Unsupported conversion from ${typeName(value)} to string in $convert with no onError value`);
  },
  $trunc: (argument, of) => {
    const value = of(only(argument));
    if (value === undefined || value.isNullish) return encode(null);
    if (!value.isNumber) throw new CommandError(51081, `$trunc only supports numeric types, not ${typeName(value)}`);
    if (value.type === Type.Double) return encode(new BSON.Double(Math.trunc(value.toPlain())));
    return value.type === Type.Decimal ? encode(BSON.Decimal128.fromString(plain(digits(value)))) : value;
  },
  $regexMatch: (argument, of) => {
    const input = textOf('$regexMatch', of(field(argument, 'input')));
    const regex = field(argument, 'regex');
    if (regex === undefined) throw new CommandError(51023, "$regexMatch requires 'regex' parameter");
    return encode(input !== undefined && new RegExp(regex.text(), 'u').test(input));
  },
  $dateFromString: (argument, of) => {
    const value = of(field(argument, 'dateString'));
    if (value === undefined || value.isNullish) return of(field(argument, 'onNull')) ?? encode(null);
    const text = value.type === Type.String ? value.text() : '';
    const time = new Date(text.replace(/(\.\d{3})\d+/, '$1').toUpperCase());
    if (!Number.isNaN(time.getTime())) return encode(time);
    const otherwise = field(argument, 'onError');
    if (otherwise === undefined) throw failed(`Error parsing date string '${text}'`);
    return of(otherwise);
  },
  $convert: (argument, of) => {
    const value = of(field(argument, 'input'));
    if (value === undefined || value.isNullish) return of(field(argument, 'onNull') ?? encode(null));
    const to = of(field(argument, 'to')).text();
    const convert = Object.hasOwn(CONVERSIONS, to) ? CONVERSIONS[to] : undefined;
    if (convert === undefined) throw new CommandError(2, `this server converts to ${Object.keys(CONVERSIONS).join(', ')} only, not ${to}`);
    try {
      if (!value.isNumber && value.type !== Type.String) throw failed(`Unsupported conversion from ${typeName(value)} to ${to}`);
      return convert(value);
    } catch (error) {
      const otherwise = field(argument, 'onError');
      if (otherwise === undefined || !(error instanceof CommandError)) throw error;
      return of(otherwise);
    }
  },
};

module.exports = { operators };
