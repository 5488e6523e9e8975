// Commands and fragments of the pages. Every command is a POST with JSON; its outcome is announced in a live region.
const root = document.body.dataset.root;
const notice = document.getElementById("notice");

function announce(text) {
  notice.textContent = text;
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => { notice.textContent = ""; }, 8000);
}

async function checked(response) {
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Error(typeof problem.detail === "string" ? problem.detail : `The server answered ${response.status}.`);
}

async function post(path, body = {}) {
  const response = await fetch(root + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Panel": "1", Accept: "application/json" },
    body: JSON.stringify(body),
  });
  return checked(response);
}

async function toggle(button) {
  const on = button.getAttribute("aria-checked") !== "true";
  button.disabled = true;
  try {
    const done = await (await post(button.dataset.post, { toggle: button.dataset.toggle, on })).json();
    button.setAttribute("aria-checked", String(done.on));
    button.querySelector("span").textContent = done.on ? "On" : "Off";
    document.getElementById("changed-by").textContent = `Last changed by ${done.by}, just now`;
    announce(`Saved: ${document.getElementById(button.getAttribute("aria-labelledby")).textContent} is ${done.on ? "on" : "off"}.`);
  } catch (problem) {
    announce(`Not saved. ${problem.message}`);
  } finally {
    button.disabled = false;
    button.focus();
  }
}

async function setSwitch(form) {
  const stopped = form.dataset.stopped === "true";
  try {
    await post(form.dataset.post, { stopped, note: new FormData(form).get("note") || null });
    location.reload();
  } catch (problem) {
    announce(`Nothing was changed. ${problem.message}`);
  }
}

// What an operator decides about one goal: the page then shows what is left to decide.
async function decide(button) {
  button.disabled = true;
  try {
    await post(button.dataset.post, { goal_key: button.dataset.goal });
    location.reload();
  } catch (problem) {
    announce(`Nothing was changed. ${problem.message}`);
    button.disabled = false;
  }
}

// Load a fragment of a page: rendered by the panel's own server, with all values escaped.
async function fill(place, path, options) {
  const html = await (await checked(await fetch(root + path, options))).text();
  place.innerHTML = html;
}

async function preview(button) {
  const place = document.getElementById("preview");
  button.disabled = true;
  report(button, "Reading from Meta and planning …");
  try {
    const options = { method: "POST", headers: { "Content-Type": "application/json", "X-Panel": "1" }, body: "{}" };
    await fill(place, button.dataset.post, options);
    report(button, "");
    place.querySelector("summary").focus();
  } catch (problem) {
    report(button, `No preview. ${problem.message}`, "bad");
  } finally {
    button.disabled = false;
  }
}

function report(from, text, tone = "") {
  const place = from.closest("section").querySelector("[data-progress]");
  place.className = tone ? `progress banner ${tone}` : "progress";
  place.textContent = text;
  return place;
}

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

async function run(from, conf, user) {
  const query = new URLSearchParams(user ? { user_id: user } : {});
  const buttons = from.closest("section").querySelectorAll("button");
  buttons.forEach((each) => { each.disabled = true; });
  try {
    report(from, "Requesting a run from Airflow …", "busy");
    const { run_key: key } = await (await post("run", conf)).json();
    query.set("run_key", key);
    await follow(from, query);
  } catch (problem) {
    report(from, problem.message, "bad");
  } finally {
    buttons.forEach((each) => { each.disabled = false; });
  }
}

async function follow(from, query) {
  for (let waited = 500; ; waited = Math.min(waited * 1.3, 5000)) {
    const now = await (await checked(await fetch(`${root}progress?${query}`, { headers: { "X-Panel": "1" } }))).json();
    const place = report(from, now.text, now.ended ? (now.good ? "good" : "bad") : "busy");
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

function confOf(form) {
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
  const conf = confOf(form);
  if (conf.user_ids?.length === 0) {
    report(form, "Choose users above, write their ids, or tick every eligible user.", "warn");
    return;
  }
  run(form, conf, conf.user_ids?.length === 1 ? conf.user_ids[0] : null);
}

// Airflow shows the panel in a sandboxed frame that can neither open windows nor navigate the page around
// it. That page has the same origin and no sandbox, so the click happens there. Where the browser denies
// access to it, the URL is shown to be copied.
function clickInParent(link) {
  const parentDocument = window.parent === window ? null : window.parent.document;
  if (!parentDocument) return false;
  const copy = parentDocument.createElement("a");
  Object.assign(copy, { href: link.href, target: "_blank", rel: "noopener" });
  copy.hidden = true;
  parentDocument.body.append(copy);
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
  decide,
  "run-user": (button) => run(button, { dry_run: false, user_ids: [button.dataset.user] }, button.dataset.user),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.toggle) toggle(button);
  else if (button?.dataset.act) ACTS[button.dataset.act](button);
  const link = event.target.closest("a[data-external]");
  if (!link) return;
  try {
    if (clickInParent(link)) event.preventDefault();
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

const FORMS = { switch: setSwitch, run: runChosen };
document.addEventListener("submit", (event) => {
  const act = FORMS[event.target.dataset.act];
  if (!act) return;
  event.preventDefault();
  act(event.target);
});
