/* Asks, before a form that somebody filled in is sent, whether the log-in still holds. When it is
   gone the form stays as it is: they log in in another tab, come back and go on with a fresh token.
   Nothing that was typed is stored anywhere. */
(() => {
  "use strict";
  const meta = document.querySelector('meta[name="portal-session"]');
  const FIELDS = 'input:not([type="hidden"]):not([type="submit"]), textarea, select';
  let passed = null;
  let waiting = null;
  let box = null;

  const ask = () => fetch(meta.content, { credentials: "same-origin", cache: "no-store" })
    .then((answer) => {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    });

  const send = (session) => {
    document.querySelectorAll('input[name="csrfmiddlewaretoken"]').forEach((field) => {
      field.value = session.token;
    });
    const { form, button } = waiting;
    close();
    passed = form;
    form.requestSubmit(button || undefined);
    // A form that its own check holds back is asked about again the next time.
    passed = null;
  };

  const close = () => {
    waiting = null;
    if (box) { box.remove(); box = null; }
  };

  const element = (name, text, look) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (look) { made.className = look; }
    return made;
  };

  const tell = (title, text, act) => {
    if (box) { box.remove(); }
    box = element("dialog", "", "session-box desk-page");
    const bar = element("p", "", "desk-bar");
    const back = element("button", "回到表单", "desk-button");
    back.type = "button";
    back.addEventListener("click", close);
    act.classList.add("desk-button", "desk-button-primary");
    bar.append(act, back);
    box.append(element("h2", title, "desk-heading"), element("p", text), bar);
    box.addEventListener("cancel", close);
    document.body.append(box);
    box.showModal();
  };

  const button = (words) => {
    const made = element("button", words);
    made.type = "button";
    made.addEventListener("click", check);
    return made;
  };

  const logIn = () => {
    const link = element("a", "打开登录页");
    link.href = meta.dataset.login;
    link.target = "_blank";
    link.rel = "noopener";
    return link;
  };

  const answered = (session) => {
    if (!waiting) { return; }
    if (String(session.user) === meta.dataset.user) {
      if (!box) { send(session); return; }
      const go = element("button", "继续提交");
      go.type = "button";
      go.addEventListener("click", () => send(session));
      tell("可以继续提交了", "填写的内容都在。", go);
    } else if (session.user) {
      tell("现在登录的是另一个账号",
        "这一页是用原来的账号填写的，内容还在。请换回原来的账号登录，再回到这里。", logIn());
    } else {
      tell("登录已过期",
        "填写的内容都还在这一页上。请在新标签页重新登录，再回到这里继续提交。", logIn());
    }
  };

  const check = () => ask().then(answered, () => {
    if (!waiting) { return; }
    tell("现在连不上服务器", "填写的内容都还在这一页上，请稍后再试。", button("再试一次"));
  });

  if (!meta) { return; }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const post = (form.getAttribute("method") || "").toLowerCase() === "post";
    if (passed === form || !post || !form.requestSubmit || !form.querySelector(FIELDS)) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waiting) { return; }
    waiting = { form, button: event.submitter };
    check();
  }, true);

  // Whoever logged in in the other tab comes back to this one.
  const returned = () => { if (waiting && box && !document.hidden) { check(); } };
  document.addEventListener("visibilitychange", returned);
  window.addEventListener("focus", returned);
})();
