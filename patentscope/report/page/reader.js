/* The reader's part: one claim at a time, and a quotation to take away. */
function claimShown(id) {
  /* Shows the part of one claim, and hides those of the others; says whether there is such a claim. */
  var parts = Array.from(document.querySelectorAll(".reader[data-claim]"));
  if (!parts.some(function (part) { return part.dataset.claim === id; })) { return false; }
  parts.forEach(function (part) { part.classList.toggle("away", part.dataset.claim !== id); });
  document.querySelectorAll(".switch a").forEach(function (link) {
    if (link.dataset.claim === id) { link.setAttribute("aria-current", "true"); } else { link.removeAttribute("aria-current"); }
  });
  document.querySelectorAll("header.top nav a").forEach(function (link) {
    /* The ids of a claim that isn't the first end in its own. */
    link.dataset.first = link.dataset.first || link.hash.slice(1);
    var name = [link.dataset.first + "-" + id, link.dataset.first].find(function (one) {
      var there = document.getElementById(one);
      return there && !there.closest(".away");
    });
    link.hidden = !name;
    if (name) { link.hash = name; }
  });
  window.dispatchEvent(new Event("resize"));
  return true;
}

function switchable() {
  var links = Array.from(document.querySelectorAll(".switch a"));
  if (!links.length) { return; }
  links.forEach(function (link) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      claimShown(link.dataset.claim);
    });
  });
  claimShown(decodeURIComponent(window.location.hash).replace("#claim-", "")) || claimShown(links[0].dataset.claim);
}

function copyable() {
  document.querySelectorAll("button[data-copy]").forEach(function (button) {
    button.addEventListener("click", async function () {
      var words = button.textContent;
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
      button.textContent = "Copied";
      window.setTimeout(function () { button.textContent = words; }, 2000);
    });
  });
}
