/* What has been typed and not yet been acknowledged by the server, kept in this browser, and how a
   form is read and filled. A copy goes away once the server holds its text. */
window.portalAutosave = (() => {
  "use strict";
  const prefix = "autosave:";
  const keep = (key, copy) => {
    try {
      localStorage.setItem(prefix + key, JSON.stringify(copy));
      return true;
    } catch (error) {
      // Private windows and full disks: the server's copy is then the only one.
      return false;
    }
  };

  const held = (key) => {
    try {
      return JSON.parse(localStorage.getItem(prefix + key));
    } catch (error) {
      return null;
    }
  };

  const drop = (key) => {
    try {
      localStorage.removeItem(prefix + key);
    } catch (error) {
      // No storage, nothing to drop.
    }
  };

  /* Hidden fields are the page's own (tokens, keys), not typed. */
  const isKept = (field) => field.name && !field.disabled &&
    !field.hasAttribute("data-autosave-skip") &&
    !["hidden", "file", "submit", "button", "reset", "image", "password"].includes(field.type);

  const fieldsOf = (form) => Array.from(form.elements).filter(isKept);

  const isChoice = (field) => ["checkbox", "radio"].includes(field.type);

  const valuesOf = (field) => {
    if (isChoice(field)) { return field.checked ? [field.value] : []; }
    if (field.tagName === "SELECT") {
      return Array.from(field.selectedOptions).map((option) => option.value);
    }
    return [field.value.replace(/\r\n/g, "\n")];
  };

  /* {name: [values]}: lists throughout, as a name may stand several times. */
  const read = (form) => fieldsOf(form).reduce((data, field) => {
    data[field.name] = (data[field.name] || []).concat(valuesOf(field));
    return data;
  }, {});

  const put = (field, values) => {
    if (isChoice(field)) {
      field.checked = values.includes(field.value);
    } else if (field.tagName === "SELECT") {
      Array.from(field.options).forEach((option) => {
        option.selected = values.includes(option.value);
      });
    } else {
      field.value = values.length ? values.shift() : "";
    }
  };

  const fill = (form, data) => {
    const rest = JSON.parse(JSON.stringify(data));
    fieldsOf(form).forEach((field) => {
      if (!Object.prototype.hasOwnProperty.call(rest, field.name)) { return; }
      put(field, [].concat(rest[field.name] === null ? [] : rest[field.name]));
      if (!isChoice(field) && Array.isArray(rest[field.name])) { rest[field.name].shift(); }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  };

  const listed = (value) => [].concat(value === undefined || value === null ? [] : value).map(String);

  /* The names whose values differ between two versions. */
  const differing = (mine, theirs) => Object.keys(Object.assign({}, mine, theirs))
    .filter((name) => JSON.stringify(listed(mine[name])) !== JSON.stringify(listed(theirs[name])));

  return { keep, held, drop, read, fill, differing, listed };
})();
