// Keeps a copy of what is typed in this browser, if the writer chooses that, and offers it when the page is opened again.
// It is removed when the text has been sent or saved, which the page that follows tells by [data-local-copy-sent].
const PREFIX = "forslag:";
const SENT = "forslag-skickat"; // in the tab's own storage: whose copy goes when the form has been taken
const NOT_TYPED = ["hidden", "submit", "button", "fieldset"];
const form = document.querySelector("form[data-unsaved]");
const key = PREFIX + location.pathname;

const storage = () => {
  try {
    return localStorage;
  } catch {
    return null; // the browser allows none
  }
};

const fields = () =>
  [...form.elements].filter(({ name, type }) => name && !NOT_TYPED.includes(type) && name !== "homepage");

const typed = () =>
  fields()
    .filter((field) => field.type !== "checkbox" || field.checked)
    .map((field) => [field.name, field.value]);

// A contact row more, like the last one
const addRow = () => {
  const rows = form.querySelectorAll("fieldset.person");
  const row = rows[rows.length - 1].cloneNode(true);
  row.querySelectorAll("*").forEach((element) => {
    for (const { name, value } of element.attributes) {
      element.setAttribute(name, value.replace(`contacts-${rows.length - 1}-`, `contacts-${rows.length}-`));
    }
  });
  row.querySelector("legend").textContent = `Kontaktperson ${rows.length + 1}`;
  row.querySelector("button")?.remove();
  rows[rows.length - 1].after(row);
  form.elements["contacts-TOTAL_FORMS"].value = rows.length + 1;
};

const fillIn = (copy) => {
  const wanted = new Set(copy.map(([name]) => name).filter((name) => /^contacts-\d+-name$/.test(name))).size;
  while (form.querySelectorAll("fieldset.person").length < wanted) addRow();
  for (const field of fields()) {
    const values = copy.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox") field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
};

const offer = (copy, choice) => {
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.setAttribute("role", "status");
  const sentence = document.createElement("p");
  const when = new Date(copy.at).toLocaleString("sv-SE", { dateStyle: "long", timeStyle: "short" });
  sentence.textContent = `I den här webbläsaren finns en kopia av en text som inte har skickats, från ${when}.`;
  const actions = document.createElement("div");
  actions.className = "actions";
  const button = (text, look, act) => {
    const one = document.createElement("button");
    one.type = "button";
    one.className = `btn ${look}`;
    one.textContent = text;
    one.addEventListener("click", () => {
      act();
      notice.remove();
      form.elements.title.focus();
    });
    actions.append(one);
  };
  button("Hämta tillbaka texten", "btn-primary", () => {
    choice.checked = true;
    fillIn(copy.fields);
  });
  button("Ta bort kopian", "btn-outline-primary", () => storage().removeItem(key));
  notice.append(sentence, actions);
  form.before(notice);
};

const start = () => {
  const choice = document.getElementById("kopia-val");
  const saved = JSON.parse(storage().getItem(key) ?? "null");
  document.getElementById("kopia").hidden = false;
  const keep = () => {
    // A copy that is offered and not yet chosen stays until the writer chooses
    if (choice.checked) storage().setItem(key, JSON.stringify({ at: Date.now(), fields: typed() }));
  };
  if (saved && JSON.stringify(saved.fields) !== JSON.stringify(typed())) offer(saved, choice);
  else choice.checked = Boolean(saved);
  form.addEventListener("input", keep);
  choice.addEventListener("change", () => (choice.checked ? keep() : storage().removeItem(key)));
  form.addEventListener("submit", () => sessionStorage.setItem(SENT, key));
};

if (storage()) {
  if (document.querySelector("[data-local-copy-sent]") && sessionStorage.getItem(SENT)) {
    storage().removeItem(sessionStorage.getItem(SENT));
    sessionStorage.removeItem(SENT);
  }
  if (form && document.getElementById("kopia")) start();
}
