/* Starts it all; `__patentscope` tells the tests how far it has come. */
var state = { drawn: 0, expected: 0, errors: [], first: 0, ready: 0, done: 0 };
window.__patentscope = state;

async function begin() {
  firstPainted();
  followWindow();
  document.querySelectorAll("[data-js]").forEach(function (part) { part.hidden = false; });
  switchable();
  copyable();
  startPanels();
  savePictures();
  sliding();
  unfolding();
  state.ready = performance.now();
  await drawFirst();
  state.done = performance.now();
}

begin();
