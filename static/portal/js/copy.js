/* <button data-copy="id of a textarea" data-copied="what to say then">. The clipboard API exists only on https, hence the old way. */
(() => {
  "use strict";
  const byHand = (field) => {
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

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) { return; }
    const id = button.dataset.copy;
    copy(document.getElementById(id)).then((copied) => {
      const status = document.querySelector(`[data-copy-status="${id}"]`);
      if (status) {
        status.textContent = copied ? (button.dataset.copied || "已复制，可粘贴到微信群") : "复制不成功，请长按文字手动复制";
      }
    });
  });
})();
