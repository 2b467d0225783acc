// @ts-check
'use strict';
// Instants, dates and times of day as text and as the engine's numbers: microseconds since 1970 and days since 1970.

const DATE = String.raw`(\d{4})-(\d{1,2})-(\d{1,2})`;
const TIME = String.raw`(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,6})\d*)?`;
const ZONE = String.raw`\s*(Z|z|UTC|[+-]\d{1,2}(?::?\d{2})?)?`;
const TIMESTAMP = new RegExp(`^${DATE}(?:[Tt ]${TIME})?${ZONE}$`);

/** Microseconds of a TIMESTAMP's or DATETIME's text; UTC where it names no zone. Null where it is none. */
function micros(text) {
  const match = TIMESTAMP.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const millis = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  if (Number(month) > 12 || new Date(millis).getUTCDate() !== Number(day) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  return BigInt(millis) * 1000n + BigInt(fraction.padEnd(6, '0')) - offsetMicros(zone);
}

function offsetMicros(zone) {
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(zone);
  if (match === null) return 0n;
  const minutes = BigInt(match[2]) * 60n + BigInt(match[3] ?? 0);
  return (match[1] === '-' ? -1n : 1n) * minutes * 60_000_000n;
}

/** Days of a DATE's text; null where it is none. */
function days(text) {
  const at = /^\d{4}-\d{1,2}-\d{1,2}$/.test(text) ? micros(text) : null;
  return at === null ? null : Number(at / 86_400_000_000n);
}

/** Microseconds of a TIME's text; null where it is none. */
function timeMicros(text) {
  return new RegExp(`^${TIME}$`).test(text) ? micros(`1970-01-01 ${text}`) : null;
}

const dateText = it => new Date(it * 86_400_000).toISOString().slice(0, 10);

/** 12:30:00.123456, without a fraction where it is zero. */
function timeText(it) {
  const fraction = String(it % 1_000_000n).padStart(6, '0');
  return new Date(Number(it / 1000n)).toISOString().slice(11, 19) + (fraction === '000000' ? '' : `.${fraction}`);
}

function dateTimeText(it) {
  const day = it / 86_400_000_000n - (it < 0n && it % 86_400_000_000n !== 0n ? 1n : 0n);
  return `${dateText(Number(day))}T${timeText(it - day * 86_400_000_000n)}`;
}

/** Seconds in scientific notation, as results carry a TIMESTAMP unless asked otherwise: 1.700000000123456E9. */
function scientificSeconds(it) {
  if (it === 0n) return '0.0';
  const digits = String(it < 0n ? -it : it);
  const fraction = digits.slice(1).replace(/0+$/, '') || '0';
  return `${it < 0n ? '-' : ''}${digits[0]}.${fraction}E${digits.length - 7}`;
}

module.exports = { micros, days, timeMicros, dateText, timeText, dateTimeText, scientificSeconds };
