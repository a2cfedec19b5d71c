/* Written for the browsers it warns: no syntax younger than ES5. */
(function () {
  "use strict";
  var supported = window.CSS && CSS.supports && window.fetch && window.Promise &&
    CSS.supports("display", "grid") && CSS.supports("width", "max(1px, 2px)") &&
    CSS.supports("position", "sticky") && CSS.supports("color", "var(--ink)");
  if (supported) { return; }
  var notices = document.querySelectorAll("[data-old-browser]");
  for (var i = 0; i < notices.length; i += 1) { notices[i].hidden = false; }
})();
