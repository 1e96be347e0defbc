/* The folded parts: what a part needs is made when it opens, and a link to anything within opens it. */
function unfolding() {
  saveable(document.querySelector("main"));
  document.querySelectorAll("details.part").forEach(function (part) {
    part.addEventListener("toggle", function () {
      saveable(part);
      searchable(part);
      if (part.querySelector(".list")) { makeLists(); }
    }, { once: true });
  });
  window.addEventListener("hashchange", unfoldGoal);
  unfoldGoal();
}

function unfoldGoal() {
  var goal = document.getElementById(window.location.hash.slice(1));
  var part = goal && goal.closest("details");
  if (!part) { return; }
  for (; part; part = part.parentElement.closest("details")) { part.open = true; }
  goal.scrollIntoView();
}
