/* <button data-copy="id of a textarea" data-copied="what to say then">. The clipboard API exists only on https, hence the old way:
   the text is selected, its fold opened first, so that it can be copied by hand where that fails too.
   Inside <form data-copy-note> it is told to the server which: the form is sent with key=data-copy-key. */
(() => {
  "use strict";
  const byHand = (field) => {
    const fold = field.closest("details");
    if (fold) { fold.open = true; }
    field.focus();
    field.select();
    field.setSelectionRange(0, field.value.length);
    return document.execCommand("copy");
  };

  const copy = (field) => {
    if (!navigator.clipboard || !window.isSecureContext) {
      return Promise.resolve(byHand(field));
    }
    return navigator.clipboard.writeText(field.value).then(() => true, () => byHand(field));
  };

  const note = (button) => {
    const form = button.closest("[data-copy-note]");
    if (!form) { return; }
    const said = new FormData(form);
    said.set("key", button.dataset.copyKey);
    fetch(form.action, { method: "POST", body: said, credentials: "same-origin" }).catch(() => undefined);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) { return; }
    const id = button.dataset.copy;
    note(button);
    copy(document.getElementById(id)).then((copied) => {
      const status = document.querySelector(`[data-copy-status="${id}"]`);
      if (status) {
        status.textContent = copied ? (button.dataset.copied || "已复制，可粘贴到微信群") : "复制不成功，请长按文字手动复制";
      }
    });
  });
})();
