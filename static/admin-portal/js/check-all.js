/* <input type="checkbox" data-check-all="name"> ticks every box of that name in its form. */
(() => {
  "use strict";
  document.addEventListener("change", (event) => {
    const name = event.target.dataset.checkAll;
    if (!name) { return; }
    event.target.form.querySelectorAll(`input[name="${name}"]`).forEach((box) => {
      box.checked = event.target.checked;
    });
  });
})();
