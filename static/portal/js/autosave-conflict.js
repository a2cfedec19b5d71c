/* The choice between two versions of one text: both are shown, neither is lost before the choice. */
window.portalAutosave.choose = (() => {
  "use strict";
  const store = window.portalAutosave;

  const make = (tag, name, text) => {
    const element = document.createElement(tag);
    if (name) { element.className = name; }
    if (text) { element.textContent = text; }
    return element;
  };

  const named = (form, name) => Array.from(form.elements).filter((field) => field.name === name);

  const labelOf = (form, name) => {
    const field = named(form, name)[0];
    if (!field) { return name; }
    const group = field.closest("fieldset");
    const label = (group && group.querySelector("legend")) || (field.labels && field.labels[0]);
    // Without the mark 必填 that stands inside the label.
    return label ? label.firstChild.textContent.trim() || label.textContent.trim() : name;
  };

  const wordOf = (form, name, value) => {
    const field = named(form, name).find((one) => one.value === value && one.labels);
    if (field && ["checkbox", "radio"].includes(field.type) && field.labels.length) {
      return field.labels[0].textContent.trim();
    }
    const list = named(form, name).find((one) => one.tagName === "SELECT");
    const option = list && Array.from(list.options).find((one) => one.value === value);
    return option ? option.textContent.trim() : value;
  };

  const wordsOf = (form, name, values) => store.listed(values)
    .map((value) => wordOf(form, name, value)).join("、") || "（未填）";

  const side = (whose, text) => {
    const row = make("div", "conflict-side");
    row.append(make("span", "conflict-whose", whose), make("span", "conflict-text", text));
    return row;
  };

  const comparison = (form, name, versions) => {
    const block = make("div", "conflict-field");
    block.append(make("p", "conflict-name", labelOf(form, name)));
    versions.forEach((version) => {
      block.append(side(version.whose, wordsOf(form, name, version.data[name])));
    });
    return block;
  };

  const buttonFor = (version, panel, settle) => {
    const button = make("button", "button", version.button);
    button.type = "button";
    button.addEventListener("click", () => {
      panel.remove();
      settle(version);
    });
    return button;
  };

  /* versions: two of {whose, button, data, ...}; settle(version) is called with the chosen one. */
  return (form, title, versions, settle) => {
    const former = form.querySelector(".conflict");
    if (former) { former.remove(); }
    const panel = make("section", "conflict");
    panel.setAttribute("role", "alert");
    panel.tabIndex = -1;
    panel.append(make("p", "conflict-title", title));
    store.differing(versions[0].data, versions[1].data).forEach((name) => {
      panel.append(comparison(form, name, versions));
    });
    const row = make("div", "button-row");
    versions.forEach((version) => row.append(buttonFor(version, panel, settle)));
    panel.append(row);
    form.prepend(panel);
    panel.focus();
  };
})();
