// @ts-check
'use strict';
// Faults on demand: each is used up by the first requests (or jobs, or statements) that it fits.

class Faults {
  constructor() {
    this.list = [];
  }

  /** { on, times = 1, match?, status, reason, message } or { on, drop: "before" | "after" }. */
  add(faults) {
    for (const it of faults) {
      if (typeof it.on !== 'string') throw new Error('a fault needs "on"');
      this.list.push({ times: 1, ...it });
    }
  }

  clear() {
    this.list = [];
  }

  /** The fault that is due, or null. @param {string} on @param {string} [type] of the statement, for those on "statement" */
  take(on, type) {
    const fault = this.list.find(it => it.on === on && it.times > 0 && (it.match === undefined || it.match.toUpperCase() === type?.toUpperCase()));
    if (fault === undefined) return null;
    fault.times--;
    return fault;
  }
}

module.exports = { Faults };
