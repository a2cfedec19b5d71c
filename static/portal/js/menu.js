/* A <details data-menu> closes with Escape and with a click elsewhere. */
(() => {
  "use strict";
  const opened = () => Array.from(document.querySelectorAll("details[data-menu][open]"));

  document.addEventListener("click", (event) => {
    opened().filter((menu) => !menu.contains(event.target)).forEach((menu) => { menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { return; }
    opened().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
})();
