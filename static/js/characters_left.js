// Says how much room is left in a field that is nearly full, when the writer pauses.
const NEARLY_FULL = 0.9;
const PAUSE = 600; // milliseconds, so that a screen reader isn't interrupted at each letter

for (const field of document.querySelectorAll("[data-limit]")) {
  const limit = Number(field.dataset.limit);
  const told = document.createElement("p");
  told.className = "characters-left";
  told.setAttribute("role", "status");
  field.after(told);
  let timer;
  const tell = () => {
    const left = limit - [...field.value].length;
    const number = Math.abs(left).toLocaleString("sv-SE");
    const sentence = left < 0 ? `${number} tecken för mycket` : `${number} tecken kvar`;
    told.textContent = left <= limit * (1 - NEARLY_FULL) ? sentence : "";
    told.classList.toggle("is-over", left < 0);
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(tell, PAUSE);
  });
  tell();
}
