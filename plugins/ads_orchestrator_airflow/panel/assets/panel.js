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

// An answer that is a part of a page: our own server's, with everything in it escaped.
async function fill(place, path, options) {
  const html = await (await answerOf(await fetch(root + path, options))).text();
  place.innerHTML = html;
}

async function preview(button) {
  const place = document.getElementById("preview");
  button.disabled = true;
  tell(button, "Reading from Meta and planning …");
  try {
    const options = { method: "POST", headers: { "Content-Type": "application/json", "X-Panel": "1" }, body: "{}" };
    await fill(place, button.dataset.post, options);
    tell(button, "");
    place.querySelector("summary").focus();
  } catch (problem) {
    tell(button, `No preview. ${problem.message}`, "bad");
  } finally {
    button.disabled = false;
  }
}

function tell(from, text, tone = "") {
  const place = from.closest("section").querySelector("[data-following]");
  place.className = tone ? `following banner ${tone}` : "following";
  place.textContent = text;
  return place;
}

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

async function run(from, asked, user) {
  const query = new URLSearchParams(user ? { user_id: user } : {});
  const buttons = from.closest("section").querySelectorAll("button");
  buttons.forEach((each) => { each.disabled = true; });
  try {
    tell(from, "Asking Airflow for a run …", "busy");
    const { run_key: key } = await (await post("run", asked)).json();
    query.set("run_key", key);
    await follow(from, query);
  } catch (problem) {
    tell(from, problem.message, "bad");
  } finally {
    buttons.forEach((each) => { each.disabled = false; });
  }
}

async function follow(from, query) {
  for (let waited = 500; ; waited = Math.min(waited * 1.3, 5000)) {
    const now = await (await answerOf(await fetch(`${root}progress?${query}`, { headers: { "X-Panel": "1" } }))).json();
    const place = tell(from, now.text, now.ended ? (now.good ? "good" : "bad") : "busy");
    if (now.ended) {
      if (now.where) place.append(" ", linked(root + now.where, "What was decided and why"));
      await refresh();
      return;
    }
    await pause(waited);
  }
}

function linked(href, text) {
  const link = document.createElement("a");
  link.href = href;
  link.textContent = text;
  return link;
}

async function refresh() {
  for (const place of document.querySelectorAll("[data-fragment]")) {
    await fill(place, place.dataset.fragment, { headers: { "X-Panel": "1" } });
  }
}

function asked(form) {
  const given = new FormData(form);
  const typed = given.get("user_ids").split(/[\s,]+/).filter(Boolean);
  const users = [...new Set([...chosen(), ...typed])];
  const goals = given.getAll("goal_keys");
  return {
    dry_run: given.get("dry_run") === "true",
    users_per_batch: Number(given.get("users_per_batch")),
    ...(given.get("everybody") ? {} : { user_ids: users }),
    ...(goals.length ? { goal_keys: goals } : {}),
  };
}

const chosen = () => [...document.querySelectorAll("#chosen input[name=user]:checked")].map((box) => box.value);

function runChosen(form) {
  const wish = asked(form);
  if (wish.user_ids?.length === 0) {
    tell(form, "Choose users above, write their ids, or tick every eligible user.", "warn");
    return;
  }
  run(form, wish, wish.user_ids?.length === 1 ? wish.user_ids[0] : null);
}

// Airflow shows the panel in a frame that may neither open windows nor leave. Its own page around the
// frame may, and has the same origin: the link is followed from there. Where that fails, the address
// is shown to be copied.
function outside(link) {
  const around = window.parent === window ? null : window.parent.document;
  if (!around) return false;
  const copy = around.createElement("a");
  Object.assign(copy, { href: link.href, target: "_blank", rel: "noopener" });
  copy.hidden = true;
  around.body.append(copy);
  copy.click();
  copy.remove();
  return true;
}

function showAddress(link) {
  if (link.nextElementSibling?.className === "address") return;
  const address = document.createElement("code");
  address.className = "address";
  address.textContent = link.href;
  link.after(address);
}

const ACTS = {
  preview,
  "run-user": (button) => run(button, { dry_run: false, user_ids: [button.dataset.user] }, button.dataset.user),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.toggle) toggle(button);
  else if (button?.dataset.act) ACTS[button.dataset.act](button);
  const link = event.target.closest("a[data-outside]");
  if (!link) return;
  try {
    if (outside(link)) event.preventDefault();
  } catch {
    event.preventDefault();
    showAddress(link);
  }
});

document.addEventListener("change", (event) => {
  if (event.target.form?.id !== "chosen") return;
  const count = chosen().length;
  document.getElementById("chosen-count").textContent =
    count === 0 ? "Nobody is chosen." : count === 1 ? "1 user is chosen." : `${count} users are chosen.`;
});

const FORMS = { switch: flip, run: runChosen };
document.addEventListener("submit", (event) => {
  const act = FORMS[event.target.dataset.act];
  if (!act) return;
  event.preventDefault();
  act(event.target);
});
