/* Saves what is being typed, two seconds after the last key and when the page is left.

   <form id=... data-autosave-url=... data-autosave-key=... data-autosave-version=...>
   The key names one draft of one user (it must differ between users of one device); the version is
   that of the draft the page was rendered with, 0 without one. A form shown again with errors carries
   data-autosave-unsaved: what it holds is typed text that no draft has yet.
   data-autosave-seen tells what the form was shown with; it goes along with each draft as _seen.

   The server takes a POST of key, version, data (JSON, {name: [values]}) and the CSRF token and answers
   200 {version, saved_at}, 409 {version, saved_at, data, device} when another device was there first;
   401, 403 or a redirect mean that the login has run out. After a submission that was accepted, the
   next page carries data-autosave-clear with the key, and the copy in this browser goes. */
(() => {
  "use strict";
  const store = window.portalAutosave;
  const pause = 2000;
  const retry = 15000;

  const clock = (value) => {
    const date = new Date(value);
    if (isNaN(date)) { return String(value || ""); }
    const two = (number) => String(number).padStart(2, "0");
    return `${two(date.getHours())}:${two(date.getMinutes())}`;
  };

  class Autosave {
    constructor(form) {
      this.form = form;
      this.key = form.dataset.autosaveKey;
      this.version = Number(form.dataset.autosaveVersion || 0);
      this.saved = "autosaveUnsaved" in form.dataset ? {} : store.read(form);
      this.busy = false;
      this.stopped = false;
      this.timer = 0;
      this.line = document.querySelector(`[data-autosave-status="${form.id}"]`);
      this.meetFormerCopy();
      this.listen();
      if (this.dirty()) { this.typed(); }
    }

    listen() {
      ["input", "change"].forEach((kind) => this.form.addEventListener(kind, () => this.typed()));
      this.form.addEventListener("submit", () => this.submitted());
      window.addEventListener("pagehide", () => this.leave());
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "hidden") { this.leave(); }
      });
      window.addEventListener("online", () => this.schedule(0));
      window.addEventListener("pageshow", () => { this.sent = false; });
    }

    say(text, failed) {
      if (!this.line) { return; }
      this.line.textContent = text;
      this.line.classList.toggle("saved-at-failed", Boolean(failed));
    }

    sayLoggedOut() {
      this.say("登录已过期，内容已保存在本机。", true);
      if (!this.line) { return; }
      const link = document.createElement("a");
      link.href = location.href;
      link.textContent = "重新登录";
      this.line.append(link);
    }

    dirty() {
      return store.differing(store.read(this.form), this.saved).length > 0;
    }

    keepHere(more) {
      store.keep(this.key, Object.assign(
        { data: store.read(this.form), version: this.version, at: new Date().toISOString() }, more));
    }

    typed() {
      if (!this.dirty()) { return; }
      this.keepHere({});
      this.schedule(pause);
    }

    schedule(delay) {
      clearTimeout(this.timer);
      if (this.stopped) { return; }
      this.timer = setTimeout(() => this.save(), delay);
    }

    submitted() {
      this.sent = true;
      clearTimeout(this.timer);
      if (this.dirty()) { this.keepHere({ submitted: true }); }
    }

    leave() {
      if (!this.sent && !this.stopped && this.dirty()) { this.save({ keepalive: true }); }
    }

    request(data, options) {
      const token = this.form.querySelector("[name=csrfmiddlewaretoken]");
      const body = new URLSearchParams();
      body.set("key", this.key);
      body.set("version", String(this.version));
      const seen = this.form.dataset.autosaveSeen;
      body.set("data", JSON.stringify(seen ? Object.assign({ _seen: [seen] }, data) : data));
      return fetch(this.form.dataset.autosaveUrl, Object.assign({
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        headers: { "X-CSRFToken": token ? token.value : "", "X-Requested-With": "fetch" },
        body,
      }, options));
    }

    save(options) {
      clearTimeout(this.timer);
      if (this.busy || this.stopped || this.sent || !this.dirty()) { return Promise.resolve(); }
      this.busy = true;
      const data = store.read(this.form);
      return this.request(data, options)
        .then((answer) => this.answered(answer, data))
        .catch(() => this.failed())
        .then(() => { this.busy = false; });
    }

    failed() {
      this.say("未保存，稍后重试", true);
      this.schedule(retry);
    }

    answered(answer, data) {
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        this.stopped = true;
        this.sayLoggedOut();
        return null;
      }
      if (answer.status === 409) {
        return answer.json().then((theirs) => this.conflict(theirs));
      }
      if (!answer.ok) { return this.failed(); }
      return answer.json().then((reply) => this.acknowledged(reply, data));
    }

    acknowledged(reply, data) {
      this.version = reply.version;
      this.saved = data;
      this.say(`已自动保存 ${clock(reply.saved_at)}`);
      if (this.dirty()) {
        this.keepHere({});
        this.schedule(pause);
      } else {
        store.drop(this.key);
      }
    }

    conflict(theirs) {
      this.stopped = true;
      delete theirs.data._seen;
      this.say("另一台设备也改过这份内容，请选择用哪一份", true);
      const device = `${theirs.device || "另一台设备"} ${clock(theirs.saved_at)}`;
      this.offer("这份内容在两处都改过，请选择", { data: theirs.data, whose: device,
        button: "用另一台设备的", version: theirs.version });
    }

    offer(title, other) {
      const here = { whose: "这里的", button: "用这里的", data: store.read(this.form),
        version: other.version, here: true };
      store.choose(this.form, title, [here, other], (chosen) => this.settle(chosen, other));
    }

    settle(chosen, other) {
      this.stopped = false;
      this.version = other.version;
      this.saved = other.data;
      if (!chosen.here) { store.fill(this.form, chosen.data); }
      if (this.dirty()) {
        this.save();
      } else {
        store.drop(this.key);
        this.say("已改用另一台设备的内容");
      }
    }

    /* A copy from before: restored when the server still has what it was based on; asked about when
       it has something else; dropped when it has been taken over. */
    meetFormerCopy() {
      const copy = store.held(this.key);
      if (!copy) { return; }
      const consumed = copy.submitted && copy.version > this.version;
      if (consumed || !store.differing(copy.data, store.read(this.form)).length) {
        store.drop(this.key);
      } else if (copy.version === this.version && !copy.submitted) {
        store.fill(this.form, copy.data);
        this.say("已恢复本机上没有保存的内容");
        this.schedule(0);
      } else {
        this.askAboutCopy(copy);
      }
    }

    askAboutCopy(copy) {
      this.stopped = true;
      const page = store.read(this.form);
      store.choose(this.form, `本机 ${clock(copy.at)} 还有一份没有交上的内容，请选择`, [
        { whose: "页面上的", button: "用页面上的", data: page, here: true },
        { whose: "本机的", button: "用本机的", data: copy.data },
      ], (chosen) => {
        this.stopped = false;
        store.drop(this.key);
        if (!chosen.here) { store.fill(this.form, chosen.data); }
        this.typed();
      });
    }
  }

  document.querySelectorAll("[data-autosave-clear]").forEach((mark) => {
    store.drop(mark.dataset.autosaveClear);
  });
  document.querySelectorAll("form[data-autosave-url]").forEach((form) => new Autosave(form));
})();
