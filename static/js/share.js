// Buttons that share the page's address: by the device's own menu where there is one, else by copying.

/** Make a button share what the address bar has when it is pressed. */
const offer = (button) => {
  const copies = !navigator.share && navigator.clipboard;
  if (!navigator.share && !copies) return;
  const { share, copy, copied } = button.dataset;
  button.textContent = copies ? copy : share;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      if (copies) await navigator.clipboard.writeText(location.href);
      else await navigator.share({ title: document.title, url: location.href });
    } catch {
      return; // the visitor closed the menu, or the browser forbids it
    }
    if (!copies) return;
    button.textContent = copied;
    setTimeout(() => (button.textContent = copy), 3000);
  });
};

for (const button of document.querySelectorAll("[data-share]")) offer(button);
