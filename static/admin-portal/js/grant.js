// Shows only what belongs to the chosen kind of role; without this script everything stands.
(function () {
  "use strict";

  function start(part) {
    var form = part.closest("form");

    function show() {
      var chosen = form.querySelector('input[name="kind"]:checked');
      part.querySelectorAll("[data-for-kinds]").forEach(function (box) {
        var kinds = box.getAttribute("data-for-kinds").split(" ");
        // What was found wrong stays in sight.
        box.hidden = !box.querySelector(".errors")
          && (chosen ? kinds.indexOf(chosen.value) < 0 : kinds.indexOf("officer") >= 0);
      });
    }

    form.addEventListener("change", show);
    show();
  }

  document.querySelectorAll("[data-grant]").forEach(start);
})();
