// @ts-check
'use strict';
// The JSON type as GoogleSQL holds it: no whitespace, members in the order of their keys, the first of equal keys kept, integers up to
// uint64 exact, every other number a double: https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#json_type

const MAX_DEPTH = 500; // levels of nesting that a JSON value may have
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;

/**
 * The canonical text of a JSON text. `round`: a number beyond int64, uint64 and double is rounded to the nearest double; without it such a
 * number is refused, as PARSE_JSON does by wide_number_mode.
 */
function canonical(text, round) {
  let at = 0;

  const take = pattern => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return null;
    at = pattern.lastIndex;
    return match[0];
  };
  const fail = () => {
    throw new Error(
      at >= text.length ? 'syntax error while parsing value - unexpected end of input' : `syntax error while parsing value - unexpected '${text[at]}' at ${at}`,
    );
  };
  // No pattern: one with alternatives remembers each character, and a text of some megabytes is too long for it.
  const string = () => {
    const from = at;
    at = text[at] === '"' ? endOfString(text, at) : fail();
    return JSON.parse(text.slice(from, at));
  };

  function value(depth) {
    if (depth > MAX_DEPTH) throw new Error(`max nesting has been exceeded. Maximum allowed: ${MAX_DEPTH}`);
    take(SPACE);
    switch (text[at]) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return JSON.stringify(string());
      case 't':
        return word('true');
      case 'f':
        return word('false');
      case 'n':
        return word('null');
      default:
        return number(take(NUMBER) ?? fail(), round);
    }
  }

  function word(it) {
    if (!text.startsWith(it, at)) fail();
    at += it.length;
    return it;
  }

  function array(depth) {
    const items = list(']', () => value(depth + 1));
    return `[${items.join(',')}]`;
  }

  function object(depth) {
    const members = new Map();
    list('}', () => {
      take(SPACE);
      const name = string();
      take(SPACE);
      word(':');
      const it = value(depth + 1);
      if (!members.has(name)) members.set(name, it);
    });
    const names = [...members.keys()].sort(byCodePoint);
    return `{${names.map(name => `${JSON.stringify(name)}:${members.get(name)}`).join(',')}}`;
  }

  function list(end, item) {
    const items = [];
    at++;
    take(SPACE);
    if (text[at] === end) {
      at++;
      return items;
    }
    for (;;) {
      items.push(item());
      take(SPACE);
      if (text[at] === end) {
        at++;
        return items;
      }
      word(',');
    }
  }

  const result = value(1);
  take(SPACE);
  if (at !== text.length) fail();
  return result;
}

/** The members of a JSON object's text: [name, raw text of the value] each. Whole values are checked by JSON.parse. */
function* members(text) {
  const checked = JSON.parse(text);
  if (checked === null || typeof checked !== 'object' || Array.isArray(checked)) throw new Error('an object is expected');
  for (let at = text.indexOf('{') + 1; ;) {
    while (/[\s,]/.test(text[at])) at++;
    if (text[at] === '}') return;
    const nameEnd = endOfString(text, at);
    const name = JSON.parse(text.slice(at, nameEnd));
    const from = text.indexOf(':', nameEnd) + 1;
    at = endOfValue(text, from);
    yield [name, text.slice(from, at).trim()];
  }
}

/** The place behind a string; that of the end where the string has none. */
function endOfString(text, at) {
  for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
  return at + 1;
}

/** The place of the comma or bracket after a value. */
function endOfValue(text, at) {
  for (let depth = 0; ; at++)
    switch (text[at]) {
      case '"':
        at = endOfString(text, at) - 1;
        break;
      case '{':
      case '[':
        depth++;
        break;
      case '}':
      case ']':
        if (depth-- === 0) return at;
        break;
      case ',':
        if (depth === 0) return at;
        break;
    }
}

function number(text, round) {
  if (/^-?\d+$/.test(text)) {
    const integer = BigInt(text);
    if (integer >= -(2n ** 63n) && integer < 2n ** 64n) return String(integer);
  }
  const double = Number(text);
  if (!Number.isFinite(double)) throw new Error(`Input number: ${text} is out of range`);
  if (!round && decimal(text) !== decimal(String(double)) && decimal(text) !== decimal(double.toPrecision(17)))
    throw new Error(`Input number: ${text} cannot round-trip through string representation`);
  return doubleText(double);
}

/** Equal for texts of equal numbers: digits without zeros at the ends, and a power of ten. */
function decimal(text) {
  const match = /** @type {RegExpExecArray} */ (/^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text));
  const [, sign, whole, fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '0' : `${sign}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}

/** A double keeps a point or an exponent, so that it reads back as one. */
function doubleText(double) {
  const text = Math.abs(double) >= 1e15 ? double.toExponential() : Object.is(double, -0) ? '-0.0' : String(double);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

// By code point, which UTF-8 keeps and UTF-16 does not.
function byCodePoint(a, b) {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a.codePointAt(i) - b.codePointAt(i);
  return a.length - b.length;
}

module.exports = { canonical, members };
