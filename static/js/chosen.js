// The bar with what can be done appears when a proposal is chosen. Without script it is always there.
for (const bar of document.querySelectorAll("[data-selected]")) {
  const form = bar.closest("form");
  const tell = () => {
    const count = form.querySelectorAll(".pick:checked").length;
    bar.hidden = !count;
    bar.querySelector("[data-how-many]").textContent = count === 1 ? "1 förslag valt" : `${count} förslag valda`;
  };
  form.addEventListener("change", tell);
  form.addEventListener("click", () => setTimeout(tell));
  tell();
}
