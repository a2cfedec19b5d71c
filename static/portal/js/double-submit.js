/* A form sent once stays quiet until the answer: double taps on slow networks make no second record.
   The server guards against replays by itself; this only spares the person the message. */
(() => {
  "use strict";
  const patience = 15000;

  const buttonsOf = (form) => Array.from(form.elements)
    .filter((element) => element.tagName === "BUTTON" && element.type === "submit");

  const release = (form) => {
    delete form.dataset.sent;
    buttonsOf(form).forEach((button) => {
      button.removeAttribute("aria-disabled");
      if (button.dataset.words) { button.textContent = button.dataset.words; }
      delete button.dataset.words;
    });
  };

  const hold = (form) => {
    form.dataset.sent = "1";
    buttonsOf(form).forEach((button) => {
      button.setAttribute("aria-disabled", "true");
      if (button.dataset.busy) {
        button.dataset.words = button.textContent;
        button.textContent = button.dataset.busy;
      }
    });
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    // After this turn, so that the pressed button's own value is still sent.
    setTimeout(() => hold(form), 0);
    setTimeout(() => release(form), patience);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach(release);
  });
})();
