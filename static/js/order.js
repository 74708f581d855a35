// Rows to drag, and arrows and numbers that move them at once. Without script the same buttons ask the server.
for (const list of document.querySelectorAll("[data-sortable]")) {
  const rows = () => [...list.children];
  const first = Number(list.querySelector(".no")?.textContent ?? 1);
  const said = list.closest("form").querySelector("[data-said]");
  let held = null;

  const renumber = (moved) => {
    rows().forEach((row, place, all) => {
      row.querySelector(".no").textContent = first + place;
      row.querySelector("input[type=number]").value = first + place;
      row.querySelector("[data-up]").disabled = place === 0;
      row.querySelector("[data-down]").disabled = place === all.length - 1;
      row.classList.toggle("moved", row === moved);
    });
    said.textContent = `${moved.querySelector("b").textContent} är nu nummer ${moved.querySelector(".no").textContent}.`;
  };

  for (const row of rows()) row.draggable = true;
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-up], [data-down]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    if ("up" in button.dataset) row.previousElementSibling?.before(row); else row.nextElementSibling?.after(row);
    renumber(row);
    (button.disabled ? row.querySelector("[data-up]:enabled, [data-down]:enabled") : button)?.focus();
  });
  list.addEventListener("change", (event) => {
    if (event.target.type !== "number") return;
    const row = event.target.closest("li");
    const others = rows().filter((one) => one !== row);
    const place = Number(event.target.value) - first;
    if (place >= others.length) others.at(-1)?.after(row); else others[Math.max(place, 0)].before(row);
    renumber(row);
    event.target.focus();
  });
  list.addEventListener("dragstart", (event) => {
    held = event.target.closest("li");
    held.classList.add("dragged");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("li");
    if (!held || !over || over.parentElement !== list) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    list.insertBefore(held, event.clientY < box.top + box.height / 2 ? over : over.nextSibling);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    held.classList.remove("dragged");
    renumber(held);
    held = null;
  });
}
