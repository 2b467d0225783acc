// @ts-check
'use strict';
// labelSelector and fieldSelector.
const { badRequest } = require('./errors');

/** Text -> predicate over labels. */
function labels(text) {
  if (!text) return () => true;
  const requirements = text.match(/(?:[^,(]|\([^)]*\))+/g).map(part => requirement(part.trim()));
  return object => requirements.every(holds => holds(object.metadata.labels ?? {}));
}

function requirement(text) {
  let match;
  if ((match = /^(!?)([^\s=!<>()]+)$/.exec(text))) return has => (match[1] ? !(match[2] in has) : match[2] in has);
  if ((match = /^(\S+?)\s*(==|=|!=)\s*(\S*)$/.exec(text))) return has => (has[match[1]] === match[3]) !== (match[2] === '!=');
  if ((match = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text))) {
    const values = match[3].split(',').map(it => it.trim());
    return has => (match[2] === 'in' ? values.includes(has[match[1]]) : !values.includes(has[match[1]]));
  }
  throw badRequest(`unable to parse requirement: ${text}`);
}

function fields(text) {
  if (!text) return () => true;
  const requirements = text.split(',').map(part => {
    const match = /^([\w.]+)(==|=|!=)(.*)$/.exec(part.trim());
    if (!match) throw badRequest(`invalid field selector: ${part}`);
    return object => (String(steps(match[1], object).reduce((at, step) => at?.[step], object) ?? '') === match[3]) !== (match[2] === '!=');
  });
  return object => requirements.every(holds => holds(object));
}

// An event stored as events.k8s.io/v1 is selected by the names of v1, too (kubernetes/kubernetes, pkg/apis/core/v1/conversion.go).
const steps = (path, object) => ('regarding' in object ? path.replace(/^involvedObject\./, 'regarding.') : path).split('.');

module.exports = {
  selector(query) {
    const [byLabel, byField] = [labels(query.get('labelSelector')), fields(query.get('fieldSelector'))];
    return object => byLabel(object) && byField(object);
  },
};
