// Shows only the boxes that belong to the chosen audience; without this script all of them stand.
(function () {
  "use strict";

  function start(form) {
    function show() {
      var chosen = form.querySelector('input[name="audience"]:checked');
      form.querySelectorAll("[data-audience-for]").forEach(function (part) {
        part.hidden = !chosen || part.getAttribute("data-audience-for") !== chosen.value;
      });
    }
    form.addEventListener("change", show);
    show();
  }

  document.querySelectorAll("form[data-audience]").forEach(start);
})();
