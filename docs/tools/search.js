// @ts-check
'use strict';
// Shows the sections that a search finds, best first, while a person types.
(() => {
  const input = /** @type {HTMLInputElement} */ (document.querySelector('input[type=search]'));
  const list = /** @type {HTMLElement} */ (document.querySelector('#found'));
  // @ts-ignore the scripts before this one define both
  const search = window.MiniSearch.loadJSON(window.searchIndex, { fields: ['page', 'heading', 'text'], storeFields: ['url', 'page', 'heading'] });
  input.addEventListener('input', () => {
    const found = search.search(input.value, { prefix: true, fuzzy: 0.15, combineWith: 'AND', boost: { page: 3, heading: 3 } }).slice(0, 10);
    list.replaceChildren(
      ...found.map(it => {
        const [item, link] = [document.createElement('li'), document.createElement('a')];
        link.href = (document.body.dataset.root ?? '') + it.url;
        link.textContent = it.page === it.heading ? it.page : `${it.page}: ${it.heading}`;
        item.append(link);
        return item;
      }),
    );
  });
})();
