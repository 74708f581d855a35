// Asks before a page with unsaved text is left.
const form = document.querySelector("form[data-unsaved]");
const ask = (event) => event.preventDefault();

if (form) {
  if (form.dataset.unsaved) addEventListener("beforeunload", ask);
  form.addEventListener("input", () => addEventListener("beforeunload", ask));
  form.addEventListener("submit", () => removeEventListener("beforeunload", ask));
}
