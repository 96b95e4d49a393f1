// <copy-button data-text="…"> puts a text on the clipboard.

class CopyButton extends HTMLElement {
	connectedCallback(): void {
		if (!navigator.clipboard || this.childElementCount > 0) {
			return; // no clipboard without TLS: better no button than one that fails
		}
		const button = document.createElement("button");
		button.type = "button";
		button.textContent = this.dataset.label ?? "";
		button.setAttribute("aria-live", "polite");
		button.addEventListener("click", async () => {
			await navigator.clipboard.writeText(this.dataset.text ?? "");
			button.textContent = this.dataset.done ?? "";
			setTimeout(() => (button.textContent = this.dataset.label ?? ""), 1600);
		});
		this.append(button);
	}
}

customElements.define("copy-button", CopyButton);
