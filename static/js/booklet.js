// Enhancement only: asks whether the file is ready, and shows it then. Without this the link on the page does so.
const page = document.querySelector("[data-wait]");
const address = page.dataset.wait;
const seconds = 2;

async function look() {
  try {
    const answer = await fetch(address, { method: "HEAD", headers: { Accept: "text/html" }, cache: "no-store" });
    if (answer.status === 202) return setTimeout(look, seconds * 1000);
    page.textContent = page.dataset.done;
    location.replace(address);
  } catch {
    page.textContent = page.dataset.lost;
  }
}

page.textContent = page.dataset.going;
setTimeout(look, seconds * 1000);
