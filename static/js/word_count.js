// Counts the words of each text as one writes. The count at load comes with the page.
const words = (text) => text.match(/[\p{L}\p{N}_]+(?:[-’'][\p{L}\p{N}_]+)*/gu)?.length ?? 0;

for (const box of document.querySelectorAll(".editor textarea")) {
  const told = document.getElementById(`${box.id}_count`);
  if (told?.textContent) box.addEventListener("input", () => { told.textContent = `${words(box.value)} ord`; });
}
