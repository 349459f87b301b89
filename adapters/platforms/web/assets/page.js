// Draws the conversation and hands in what is done there. `props.value`: its name, and messages with a key, a
// role and HTML.
const log = element.querySelector(".log");
const state = { html: new Map(), follows: true, serial: -1 };

log.addEventListener("scroll", () => {
  state.follows = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
});

function draw() {
  const { serial, messages, conversation } = props.value;
  if (serial < state.serial) return; // of two that are on their way, the later one holds
  state.serial = serial;
  if (conversation) history.replaceState(null, "", "#" + conversation);
  const keys = new Set(messages.map((message) => message.key));
  for (const shown of [...log.children]) {
    if (!keys.has(shown.dataset.key)) {
      state.html.delete(shown.dataset.key);
      shown.remove();
    }
  }
  let before = null;
  for (const message of messages) {
    let shown = [...log.children].find((each) => each.dataset.key === message.key);
    if (!shown) {
      shown = document.createElement("article");
      shown.dataset.key = message.key;
    }
    if (before ? before.nextElementSibling !== shown : log.firstElementChild !== shown) {
      before ? before.after(shown) : log.prepend(shown);
    }
    before = shown;
    shown.className = "message " + message.role;
    if (message.key === "notice") shown.setAttribute("role", "status");
    shown.setAttribute("aria-busy", String(message.role.includes("growing")));
    if (state.html.get(message.key) !== message.html && !shown.querySelector("textarea")) {
      const focused = shown.contains(document.activeElement) ? document.activeElement.dataset.act : null;
      shown.innerHTML = message.html;
      state.html.set(message.key, message.html);
      if (focused) shown.querySelector(`[data-act="${focused}"]`)?.focus();
    }
  }
  if (state.follows) log.scrollTop = log.scrollHeight;
}

function edit(button) {
  const message = button.closest(".message");
  const said = message.querySelector(".said");
  const field = document.createElement("textarea");
  field.value = said.textContent;
  field.rows = Math.min(12, field.value.split("\n").length + 1);
  field.setAttribute("aria-label", button.textContent);
  const save = document.createElement("button");
  save.type = "button";
  save.textContent = button.dataset.save;
  const cancel = document.createElement("button");
  cancel.type = "button";
  cancel.textContent = button.dataset.cancel;
  const close = () => {
    state.html.delete(message.dataset.key);
    field.remove();
    draw();
  };
  save.onclick = () => {
    trigger("act", { name: "edit", target: button.dataset.edits, argument: field.value });
    close();
  };
  cancel.onclick = close;
  field.onkeydown = (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      save.onclick();
    }
  };
  said.replaceWith(field);
  message.querySelector(".actions").replaceChildren(save, cancel);
  field.focus();
}

async function copy(button) {
  const text = button.dataset.copies === "code"
    ? button.closest(".code").querySelector("code").textContent
    : button.closest(".message").querySelector("template.written").content.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers give no clipboard to a page that did not come over https.
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  const content = button.innerHTML;
  button.textContent = "✓ " + props.copied;
  setTimeout(() => (button.innerHTML = content), 1500);
}

log.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.copies) copy(button);
  else if (button.dataset.edits) edit(button);
  else if (button.dataset.asks) trigger("act", { name: "ask", target: "", argument: button.dataset.asks });
  else if (button.dataset.act) {
    const { act, target, argument } = button.dataset;
    trigger("act", { name: act, target: target || "", argument: argument || "" });
  }
});

log.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  trigger("act", { name: form.dataset.act, target: form.dataset.target, argument: form.elements.why.value });
});

// Gradio puts the page together piece by piece: what is looked for may come later than this runs.
function whenThere(selector, then) {
  const found = document.querySelector(selector);
  if (found) return then(found);
  const watching = new MutationObserver(() => {
    const found = document.querySelector(selector);
    if (!found) return;
    watching.disconnect();
    then(found);
  });
  watching.observe(document.body, { childList: true, subtree: true });
}

// The side bars' own buttons: named for both, and shut where they would lie over the conversation until somebody
// opens them.
const narrow = matchMedia("(max-width: 999px)");
for (const side of ["left", "right"]) {
  whenThere(`#${side} .toggle-button`, (button) => {
    const bar = document.getElementById(side);
    let pressed = false;
    button.addEventListener("click", (event) => (pressed ||= event.isTrusted));
    button.setAttribute("aria-label", props[side]);
    button.title = props[side];
    const look = () => {
      const open = bar.classList.contains("open");
      if (open && !pressed && narrow.matches) button.click();
      button.setAttribute("aria-expanded", String(open));
    };
    new MutationObserver(look).observe(bar, { attributes: true, attributeFilter: ["class"] });
    look();
  });
}

// What was typed outlives a reload: the page loads itself again when the bot was restarted.
const draft = "mixtral-draft";
whenThere("#question textarea", (field) => {
  if (!field.value && sessionStorage[draft]) {
    field.value = sessionStorage[draft];
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.addEventListener("input", () => (sessionStorage[draft] = field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) delete sessionStorage[draft];
  });
});

// Another tab may have gone on meanwhile.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && state.serial > 0) trigger("resume");
});

watch("value", draw);
draw();
