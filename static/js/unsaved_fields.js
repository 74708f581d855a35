// Names the fields that aren't saved in the bar, and asks before the page is left.
for (const form of document.querySelectorAll("[data-tells-unsaved]")) {
  const state = document.querySelector(form.dataset.tellsUnsaved);
  const names = new Set();
  const tell = () => {
    const bold = document.createElement("b");
    bold.textContent = names.size === 1 ? "1 ändring är inte sparad" : `${names.size} ändringar är inte sparade`;
    const small = document.createElement("small");
    small.textContent = [...names].join(", ");
    state.replaceChildren(bold, small);
    state.closest(".bar").classList.add("bar--dirty");
  };
  const note = (event) => {
    if (event.target.form !== form) return;
    const field = event.target.closest("[data-name]");
    names.add(field?.dataset.name || event.target.labels?.[0]?.textContent || "Formuläret");
    tell();
  };
  document.addEventListener("input", note);
  addEventListener("beforeunload", (event) => { if (names.size) event.preventDefault(); });
  form.addEventListener("submit", (event) => { if (event.submitter?.formTarget !== "_blank") names.clear(); });
}
