// @ts-check
'use strict';
// Events are stored once and served in two forms: that of events.k8s.io/v1, and that of v1, which kubectl reads.

/**
 * The stored form in that of v1 (kubernetes/kubernetes, pkg/apis/events/v1/conversion.go: regarding is involvedObject, note is message, and the
 * deprecated fields of events.k8s.io/v1 are fields here).
 */
function asCore(event) {
  if (!('regarding' in event)) return event; // it was written in this form
  const { regarding, note, deprecatedSource, deprecatedFirstTimestamp, deprecatedLastTimestamp, deprecatedCount, reportingController, ...same } = event;
  return {
    ...same,
    involvedObject: regarding,
    message: note,
    source: deprecatedSource ?? {},
    firstTimestamp: deprecatedFirstTimestamp ?? null,
    lastTimestamp: deprecatedLastTimestamp ?? null,
    ...(deprecatedCount && { count: deprecatedCount }),
    reportingComponent: reportingController,
  };
}

const served = (kind, object) => (kind.plural === 'events' && kind.group === '' ? asCore(object) : object);

module.exports = { served };
