// What the pages do beyond links: every change is a POST with JSON, told to whoever made it.
const root = document.body.dataset.root;
const said = document.getElementById("said");

function say(text) {
  said.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { said.textContent = ""; }, 8000);
}

async function answerOf(response) {
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  throw new Error(typeof told.detail === "string" ? told.detail : `The server answered ${response.status}.`);
}

async function post(path, body = {}) {
  const response = await fetch(root + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Panel": "1", Accept: "application/json" },
    body: JSON.stringify(body),
  });
  return answerOf(response);
}

async function toggle(button) {
  const on = button.getAttribute("aria-checked") !== "true";
  button.disabled = true;
  try {
    const done = await (await post(button.dataset.post, { toggle: button.dataset.toggle, on })).json();
    button.setAttribute("aria-checked", String(done.on));
    button.querySelector("span").textContent = done.on ? "On" : "Off";
    document.getElementById("changed-by").textContent = `Last changed by ${done.by}, just now`;
    say(`Saved: ${document.getElementById(button.getAttribute("aria-labelledby")).textContent} is ${done.on ? "on" : "off"}.`);
  } catch (problem) {
    say(`Not saved. ${problem.message}`);
  } finally {
    button.disabled = false;
    button.focus();
  }
}

async function flip(form) {
  const stopped = form.dataset.stopped === "true";
  try {
    await post(form.dataset.post, { stopped, note: new FormData(form).get("note") || null });
    location.reload();
  } catch (problem) {
    say(`Nothing was changed. ${problem.message}`);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-toggle]");
  if (button) toggle(button);
});

document.addEventListener("submit", (event) => {
  if (event.target.dataset.act !== "switch") return;
  event.preventDefault();
  flip(event.target);
});
